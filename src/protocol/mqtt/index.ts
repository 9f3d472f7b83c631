export { type MqttClient, type MqttMessage, openMqttClient } from './open-mqtt-client.ts'
export { hasWildcard, topicFilterFault, topicLengthMax, topicMatches } from './topic.ts'
export { untilAborted } from './until-aborted.ts'
