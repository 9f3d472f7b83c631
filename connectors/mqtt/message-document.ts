/** A message as something that points can be looked up in; `undefined` in `json` where it is no JSON. */
export interface MessageDocument {
  /** The message as the value itself: a number, true, false, null, or the text. */
  readonly plain: number | boolean | string | null
  readonly json: unknown
  /** Why neither can be had. */
  readonly fault?: string
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** What a payload says. MQTT leaves to the machines what that is: JSON, or a value as text, in UTF-8. */
export function messageDocument(payload: Uint8Array): MessageDocument {
  if (payload.length === 0) return nothing('the message is empty: the machine has taken its value back')
  const text = textOf(payload)
  if (text === undefined) return nothing('the message is no text in UTF-8')
  const json = jsonOf(text)
  // A text in quotes is the text.
  return { plain: isScalar(json) ? json : text.trim(), json }
}

function isScalar(json: unknown): json is number | boolean | string | null {
  return json === null || ['number', 'boolean', 'string'].includes(typeof json)
}

function nothing(fault: string): MessageDocument {
  return { plain: '', json: undefined, fault }
}

function textOf(payload: Uint8Array): string | undefined {
  try {
    return utf8.decode(payload)
  } catch {
    return undefined
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
