import type { MqttClient } from 'mqtt'
import { brokerEquipment } from './broker-equipment.ts'
import { createSimulatedEdgeNode } from './edge-node.ts'

/** A simulated edge node behind a broker of others: obeys commands over the client, which is its connection. */
export async function startEdgeNode(client: MqttClient, given: object): Promise<void> {
  const [described] = brokerEquipment.parse({ edgeNodes: [given] }).edgeNodes
  if (!described) throw new Error('There is no edge node')
  const edgeNode = createSimulatedEdgeNode(described)
  const [group, name] = described.node.split('/')
  client.on('message', (topic, payload) => {
    for (const message of edgeNode(topic, payload) ?? []) client.publish(message.topic, Buffer.from(message.payload))
  })
  await client.subscribeAsync([`spBv1.0/${group}/NCMD/${name}`, `spBv1.0/${group}/DCMD/${name}/#`])
}
