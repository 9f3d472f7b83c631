export { type MqttClient, type MqttClientOptions, type MqttMessage, openMqttClient } from './open-mqtt-client.ts'
export {
  loadSparkplugCodec,
  type SparkplugCodec,
  type SparkplugMetric,
  type SparkplugPayload,
} from './sparkplug-codec.ts'
export { createEdgeNode, type EdgeNode, type MetricState, type NodeNews } from './sparkplug-node.ts'
export { sparkplugCommandTopic, sparkplugFilter, sparkplugTopic } from './sparkplug-topic.ts'
export { sparkplugRaw, sparkplugType, sparkplugTypeName, sparkplugValue } from './sparkplug-value.ts'
export { browseFilterFault, hasWildcard, isTopicName, topicFilterFault, topicLengthMax, topicMatches } from './topic.ts'
export { untilAborted } from './until-aborted.ts'
