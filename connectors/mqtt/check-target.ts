import { hasWildcard, topicFilterFault } from '#protocol/mqtt'
import { clientKeyFault, isPemCertificates } from '#protocol/tls'
import { addressParts } from './address-parts.ts'
import type { MqttTarget } from './schemas.ts'
import { topicOf } from './source-of.ts'

type Fault = { readonly path: string; readonly message: string }

/** What is wrong with a target beyond the form of each field. */
export function checkTarget(target: MqttTarget): Fault[] {
  return [
    ...portFaults(target),
    ...topicFaults(target),
    ...writeFaults(target),
    ...loginFaults(target),
    ...tlsFaults(target),
  ]
}

function portFaults({ endpoint, port }: MqttTarget): Fault[] {
  const { port: inEndpoint } = addressParts(endpoint)
  if (inEndpoint === undefined) return []
  if (inEndpoint === 0 || inEndpoint > 65_535)
    return [{ path: 'endpoint', message: 'names a port that does not exist' }]
  if (inEndpoint === port) return []
  return [{ path: 'port', message: `contradicts the port in endpoint (${inEndpoint}): leave one of them out` }]
}

function topicFaults({ settings, points }: MqttTarget): Fault[] {
  const { availability, device } = settings
  const texts = points.flatMap(({ address }, index) => textsOf(address, `additional_config.points[${index}]`))
  if (availability) {
    texts.push({ path: 'additional_config.availability.topic', text: availability.topic, faultOf: topicFilterFault })
  }
  if (device === undefined && texts.some(({ text }) => text.includes('{device}'))) {
    return [{ path: 'additional_config.device', message: 'is missing: it stands for {device} in the topics' }]
  }
  return texts.flatMap(({ path, text, faultOf }) => {
    const holdsBraces = /[{}]/.test(text.replaceAll('{device}', ''))
    const fault = holdsBraces ? 'holds braces: {device} is all that is replaced' : faultOf(topicOf(text, device))
    return fault === undefined ? [] : [{ path, message: fault }]
  })
}

interface Text {
  readonly path: string
  readonly text: string
  readonly faultOf: (text: string) => string | undefined
}

function textsOf({ topic, sparkplug, command_topic: command }: MqttTarget['points'][number]['address'], path: string) {
  const texts: Text[] = []
  if (topic !== undefined) texts.push({ path: `${path}.topic`, text: topic, faultOf: topicFilterFault })
  if (sparkplug !== undefined) texts.push({ path: `${path}.sparkplug`, text: sparkplug, faultOf: sparkplugFault })
  if (command !== undefined) texts.push({ path: `${path}.command_topic`, text: command, faultOf: commandTopicFault })
  return texts
}

function commandTopicFault(text: string): string | undefined {
  return topicFilterFault(text) ?? (hasWildcard(text) ? 'must not hold + or #: a command goes to one topic' : undefined)
}

function sparkplugFault(text: string): string | undefined {
  const isPlain = text.isWellFormed() && !/[+#\p{Cc}]/u.test(text)
  return isPlain && /^[^/]+\/[^/]+(\/[^/]+)?$/.test(text)
    ? undefined
    : 'must be group/edge node or group/edge node/device, without + and #'
}

function writeFaults({ points }: MqttTarget): Fault[] {
  return points.flatMap(({ write, address }, index) => {
    const isTold = address.command_topic !== undefined || address.sparkplug !== undefined
    if (write === undefined || isTold) return []
    const path = `additional_config.points[${index}].command_topic`
    return [{ path, message: 'is missing: it is where a point that has write is told its value' }]
  })
}

function loginFaults({ credentials }: MqttTarget): Fault[] {
  // MQTT 3.1.1, 3.1.2.9. MQTT 5 would take a password alone, but mqtt.js does not send it.
  if (credentials.password === undefined || credentials.username !== undefined) return []
  return [{ path: 'credentials.password', message: 'needs a username beside it' }]
}

function tlsFaults({ endpoint, credentials, settings }: MqttTarget): Fault[] {
  const { ca, client_certificate: certificate, verify_ssl: verify } = settings
  const { client_key: key } = credentials
  const given = {
    'additional_config.ca': ca,
    'additional_config.client_certificate': certificate,
    'credentials.client_key': key,
  }
  if (!addressParts(endpoint).isSecure) {
    return Object.entries(given)
      .filter(([, value]) => value !== undefined)
      .map(([path]) => ({ path, message: 'is for mqtts:// addresses' }))
  }
  return [...authorityFaults(ca, verify), ...clientFaults(certificate, key)]
}

const notPem = 'must be certificates in PEM form (-----BEGIN CERTIFICATE----- …)'

function authorityFaults(ca: string | undefined, verify: boolean): Fault[] {
  if (ca === undefined) return []
  const path = 'additional_config.ca'
  if (!verify) return [{ path, message: 'has no use while verify_ssl is false: leave one of them out' }]
  return isPemCertificates(ca) ? [] : [{ path, message: notPem }]
}

function clientFaults(certificate: string | undefined, key: string | undefined): Fault[] {
  if (certificate === undefined && key === undefined) return []
  const keyPath = 'credentials.client_key'
  const certificatePath = 'additional_config.client_certificate'
  if (certificate === undefined) return [{ path: keyPath, message: 'needs client_certificate beside it' }]
  if (key === undefined) return [{ path: certificatePath, message: 'needs credentials.client_key beside it' }]
  if (!isPemCertificates(certificate)) return [{ path: certificatePath, message: notPem }]
  const fault = clientKeyFault(key, certificate)
  return fault === undefined ? [] : [{ path: keyPath, message: fault }]
}
