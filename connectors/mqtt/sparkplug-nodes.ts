import type { LinkTools } from '#connector'
import {
  createEdgeNode,
  type EdgeNode,
  loadSparkplugCodec,
  type MqttMessage,
  type NodeNews,
  type SparkplugCodec,
  sparkplugCommandTopic,
  sparkplugTopic,
} from '#protocol/mqtt'

/** The edge nodes of Sparkplug B that a connection listens to. */
export interface SparkplugNodes {
  /** To be awaited before anything is subscribed to: what reads their messages is loaded then. */
  readonly codec: () => Promise<SparkplugCodec>
  /** `name` is `group/edge node`. */
  of(name: string): EdgeNode
  drop(name: string): void
  /** What a message changes; undefined for what is not of an edge node that is listened to. */
  hear(message: MqttMessage): { readonly name: string; readonly news: NodeNews } | undefined
  /** Asks an edge node that is not known yet to tell everything, unless it was asked a short while ago. */
  wake(name: string): void
}

export interface SparkplugNodesOptions extends Pick<LinkTools, 'clock'> {
  /** Sends a command; absent: nothing is sent, and births are waited for. */
  readonly send?: ((topic: string, payload: Uint8Array) => void) | undefined
}

/** A birth can be a hundred KB, and others who listen ask for it too. */
const rebirthMsMin = 10_000
/** An edge node that numbers its messages wrongly would else be asked for ever. */
const rebirthMsMax = 600_000

interface Tracked {
  readonly edgeNode: EdgeNode
  /** Monotonic ms: not asked for a birth before. */
  askableAt: number
  waitMs: number
}

export function createSparkplugNodes({ clock, send }: SparkplugNodesOptions): SparkplugNodes {
  const nodes = new Map<string, Tracked>()
  let loading: Promise<SparkplugCodec> | undefined
  let codec: SparkplugCodec | undefined

  const askForBirth = (name: string, tracked: Tracked) => {
    const now = clock.monotonic()
    if (!send || !codec || now < tracked.askableAt) return
    // One that was at peace for as long as it was last left alone begins anew.
    const isAtPeace = now >= tracked.askableAt + tracked.waitMs
    tracked.waitMs = isAtPeace ? rebirthMsMin : Math.min(tracked.waitMs * 2, rebirthMsMax)
    tracked.askableAt = now + tracked.waitMs
    // Sparkplug B 3.0, 6.4.23: type 11 is Boolean.
    const rebirth = { name: 'Node Control/Rebirth', datatype: 11, raw: true, isNull: false, isHistorical: false }
    send(sparkplugCommandTopic(name, ''), codec.encode({ time: clock.now(), metrics: [rebirth] }))
  }

  return {
    codec() {
      loading ??= loadSparkplugCodec().then((loaded) => {
        codec = loaded
        return loaded
      })
      return loading
    },
    of(name) {
      const known = nodes.get(name)
      if (known) return known.edgeNode
      const edgeNode = createEdgeNode()
      nodes.set(name, { edgeNode, askableAt: 0, waitMs: 0 })
      return edgeNode
    },
    drop: (name) => void nodes.delete(name),
    hear({ topic, payload, isRetained }) {
      const place = sparkplugTopic(topic)
      const tracked = place && nodes.get(place.node)
      // A birth that a broker has kept says nothing of now; Sparkplug B keeps none.
      if (!tracked || isRetained) return undefined
      const { kind, node: name, device } = place
      const said = codec?.decode(payload)
      const news = said && tracked.edgeNode.take({ kind, device, payload: said })
      if (news?.needsBirth) askForBirth(name, tracked)
      return news && { name, news }
    },
    wake(name) {
      const tracked = nodes.get(name)
      if (tracked?.edgeNode.stateOf('') === 'unknown') askForBirth(name, tracked)
    },
  }
}
