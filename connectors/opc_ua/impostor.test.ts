import { X509Certificate } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { startOpcUaMachine } from '#protocol/opc-ua'
import { makeOwnCertificate } from '../../src/protocol/opc-ua/make-own-certificate.ts'
import { soon } from '../../test/setup/soon.ts'
import { faultOf, holding, openLink } from './link-fixture.ts'

interface Created {
  readonly schema: { readonly name: string }
  serverCertificate: Buffer | null
  serverNonce: Buffer | null
  serverSignature: { signature: Buffer | null }
}

let machine: Awaited<ReturnType<typeof startOpcUaMachine>>
beforeAll(async () => {
  machine = await startOpcUaMachine(holding(1, { users: { anna: 'example-password' } }))
})
afterEach(() => machine.rewrite())
afterAll(() => machine.stop())

const other = new X509Certificate((await makeOwnCertificate()).certificate).raw
const credentials = { username: 'anna', password: 'example-password' }
const another = (created: Created) => {
  created.serverCertificate = other
}
const none = (created: Created) => {
  created.serverCertificate = null
}
const nonceOf = (length: number | undefined) => (created: Created) => {
  created.serverNonce = length === undefined ? null : Buffer.alloc(length, 7)
}
const changedSignature = ({ serverSignature: { signature } }: Created) => {
  if (signature?.[100] !== undefined) signature[100] ^= 1
}
const shortSignature = ({ serverSignature }: Created) => {
  serverSignature.signature = Buffer.alloc(1)
}
const noSignature = ({ serverSignature }: Created) => {
  serverSignature.signature = null
}

/** What opening fails with at a server that spoils its answer to CreateSession, and the answers that it gave. */
async function openSpoilt(spoil: (created: Created) => void, settings: object) {
  const answers: string[] = []
  machine.rewrite((answer: Created) => {
    answers.push(answer.schema.name)
    if (answer.schema.name === 'CreateSessionResponse') spoil(answer)
  })
  const fault = await faultOf(openLink(machine, { credentials, settings }))
  return { fault, answers }
}

type Spoilt = [name: string, spoil: (created: Created) => void, code: string, words: string]

const unproven: Spoilt[] = [
  ['with another certificate than the one that was checked', another, 'CERTIFICATE_REJECTED', 'another certificate'],
  ['without a certificate', none, 'CERTIFICATE_REJECTED', 'another certificate'],
  ['with a changed signature', changedSignature, 'CERTIFICATE_REJECTED', 'does not own the certificate'],
  ['with a signature of one byte', shortSignature, 'CERTIFICATE_REJECTED', 'does not own the certificate'],
  ['without a signature', noSignature, 'CERTIFICATE_REJECTED', 'does not own the certificate'],
]
const repeatable: Spoilt[] = [
  ['without a nonce', nonceOf(undefined), 'PROTOCOL_VIOLATED', 'a nonce of 0 bytes'],
  ['with an empty nonce', nonceOf(0), 'PROTOCOL_VIOLATED', 'a nonce of 0 bytes'],
  ['with a nonce of 31 bytes', nonceOf(31), 'PROTOCOL_VIOLATED', 'a nonce of 31 bytes'],
]

describe.each<[string, Spoilt[]]>([
  ['Sign', [...unproven, ...repeatable]],
  ['SignAndEncrypt', [...unproven, ...repeatable]],
  // Nothing is signed without security, but the password is encrypted all the same.
  ['None', repeatable],
])('a server that makes a session (%s)', (security_mode, spoilt) => {
  it.each(spoilt)('%s is told no password', async (_name, spoil, code, words) => {
    const { fault, answers } = await openSpoilt(spoil, { security_mode })
    expect(fault).toMatchObject({ code, message: expect.stringContaining(words) })
    const afterwards = answers.slice(answers.indexOf('CreateSessionResponse') + 1)
    expect(afterwards).toEqual(['CloseSessionResponse'])
    await vi.waitFor(() => expect([machine.connections(), machine.sessions()]).toEqual([0, 0]), soon)
  })
})

it('a server that spoils nothing is told the password', async () => {
  const { fault, answers } = await openSpoilt(() => undefined, { security_mode: 'None' })
  expect(fault).toBeUndefined()
  expect(answers).toContain('ActivateSessionResponse')
})
