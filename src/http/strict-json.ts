import { isUtf8 } from 'node:buffer'
import { BakewireError, limits } from '#core'

/**
 * Parses a request body that is one JSON object (RFC 8259), refusing what other parsers let pass and later layers trip
 * over: deep nesting, doubled keys, `__proto__`, numbers that a double cannot hold, text that PostgreSQL cannot store.
 * Linear in the length of the body. Throws REQUEST_MALFORMED naming the path.
 */
export function strictJson(body: Buffer): Record<string, unknown> {
  if (!isUtf8(body)) throw malformed('', 'is not UTF-8')
  const reader = new Reader(body.toString('utf8'))
  return reader.document()
}

const space = /[ \t\n\r]*/y
/** `unescaped` of RFC 8259, section 7. */
const plainText = /[ !#-[\]-\uffff]*/y
const escapeSequence = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
const number = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y
const literals = [
  ['true', true],
  ['false', false],
  ['null', null],
] as const

class Reader {
  readonly #text: string
  readonly #path: (string | number)[] = []
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  document(): Record<string, unknown> {
    this.#skipSpace()
    if (this.#text.codePointAt(this.#at) === 0xfeff) throw malformed('', 'starts with a byte order mark')
    const value = this.#text[this.#at] === '{' ? this.#object() : this.#otherThanObject()
    this.#skipSpace()
    if (this.#at < this.#text.length) throw this.#unexpected()
    return value
  }

  /** Tells broken JSON from a body that is JSON but no object. */
  #otherThanObject(): never {
    this.#value()
    this.#skipSpace()
    throw this.#at < this.#text.length ? this.#unexpected() : malformed('', 'must be a JSON object')
  }

  #value(): unknown {
    const character = this.#text[this.#at]
    if (character === '"') return this.#string()
    if (character === '{') return this.#object()
    if (character === '[') return this.#array()
    for (const [word, value] of literals) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length
        return value
      }
    }
    return this.#number()
  }

  #object(): Record<string, unknown> {
    const object: Record<string, unknown> = {}
    this.#enter()
    if (this.#take('}')) return object
    do {
      this.#skipSpace()
      if (this.#text[this.#at] !== '"') throw this.#unexpected()
      const key = this.#string()
      this.#path.push(key)
      if (key === '__proto__') throw this.#refused('is not allowed as a name')
      if (Object.hasOwn(object, key)) throw this.#refused('is given twice')
      if (!this.#take(':')) throw this.#unexpected()
      this.#skipSpace()
      object[key] = this.#value()
      if (key === 'constructor' && hasPrototype(object[key])) throw this.#refused('is not allowed as a name')
      this.#path.pop()
    } while (this.#take(','))
    if (!this.#take('}')) throw this.#unexpected()
    return object
  }

  #array(): unknown[] {
    const array: unknown[] = []
    this.#enter()
    if (this.#take(']')) return array
    do {
      this.#skipSpace()
      this.#path.push(array.length)
      array.push(this.#value())
      this.#path.pop()
    } while (this.#take(','))
    if (!this.#take(']')) throw this.#unexpected()
    return array
  }

  #string(): string {
    const start = this.#at + 1
    this.#at = this.#match(plainText, start)
    const isPlain = this.#text[this.#at] === '"'
    while (this.#text[this.#at] === '\\') {
      const end = this.#match(escapeSequence, this.#at)
      if (end === 0) throw this.#unexpected()
      this.#at = this.#match(plainText, end)
    }
    if (this.#text[this.#at] !== '"') throw this.#unexpected()
    this.#at += 1
    if (isPlain) return this.#text.slice(start, this.#at - 1)
    const text: string = JSON.parse(this.#text.slice(start - 1, this.#at))
    if (!text.isWellFormed()) throw this.#refused('holds half of a surrogate pair')
    if (text.includes('\0')) throw this.#refused('holds the character NUL')
    return text
  }

  #number(): number {
    number.lastIndex = this.#at
    const [text, fraction, exponent] = number.exec(this.#text) ?? []
    if (text === undefined) throw this.#unexpected()
    this.#at = number.lastIndex
    const value = Number(text)
    const isWhole = fraction === undefined && exponent === undefined
    const isLost = !Number.isFinite(value) || (value === 0 && /^[^eE]*[1-9]/.test(text))
    if (isLost || (isWhole && !Number.isSafeInteger(value)))
      throw this.#refused('is a number that cannot be held exactly')
    return value === 0 ? 0 : value
  }

  /** Steps over an opening bracket. */
  #enter(): void {
    if (this.#path.length >= limits.jsonDepthMax)
      throw this.#refused(`is nested deeper than ${limits.jsonDepthMax} levels`)
    this.#at += 1
  }

  #take(character: string): boolean {
    this.#skipSpace()
    if (this.#text[this.#at] !== character) return false
    this.#at += 1
    return true
  }

  #skipSpace(): void {
    this.#at = this.#match(space, this.#at)
  }

  #match(pattern: RegExp, from: number): number {
    pattern.lastIndex = from
    pattern.test(this.#text)
    return pattern.lastIndex
  }

  #refused(message: string): BakewireError {
    return malformed(pathText(this.#path), message)
  }

  #unexpected(): BakewireError {
    const where = this.#at < this.#text.length ? `at character ${this.#at + 1}` : 'because it ends too early'
    return this.#refused(`is not valid JSON ${where}`)
  }
}

function hasPrototype(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype')
}

/** Long names are cut: the path says where to look and is no echo of the body. */
function pathText(path: readonly (string | number)[]): string {
  const parts = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part.slice(0, 100)}`))
  return parts.join('').replace(/^\./, '')
}

function malformed(path: string, message: string): BakewireError {
  const subject = path === '' ? 'The body' : path
  return new BakewireError('REQUEST_MALFORMED', `${subject} ${message}`, { errors: [{ path, message }] })
}
