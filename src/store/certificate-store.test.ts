import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { silentLog } from '#core'
import { createTemporaryDatabase, type TemporaryDatabase } from '../../test/setup/temporary-database.ts'
import { type CertificateStore, createCertificateStore } from './certificate-store.ts'
import { type Database, openDatabase } from './database.ts'
import { migrate } from './migrate.ts'
import { createSecretBox } from './secret-box.ts'

let temporary: TemporaryDatabase
let database: Database
let store: CertificateStore
const box = createSecretBox([{ id: 'k1', key: Buffer.alloc(32, 'key') }])

beforeAll(async () => {
  temporary = await createTemporaryDatabase()
  database = openDatabase(temporary.url, silentLog)
  await migrate(database.bulk, join(import.meta.dirname, '../../migrations'), silentLog)
  store = createCertificateStore(database, box)
})
afterAll(async () => {
  await database.close()
  await temporary.drop()
})

const seen = (digit: string, from = 'oven:4840') => ({
  fingerprint: digit.padStart(64, '0'),
  subject: `CN=${digit}`,
  issuer: 'CN=authority',
  valid_from: new Date('2026-01-01T00:00:00Z'),
  valid_until: new Date('2036-01-01T00:00:00Z'),
  seen_from: from,
})

it('trusts what somebody trusted, until it is forgotten', async () => {
  expect(await store.see(seen('1'))).toBe(false)
  expect(await store.see(seen('1', 'other:4840'))).toBe(false)
  expect(await store.trust(seen('1').fingerprint)).toMatchObject({ subject: 'CN=1', seen_from: 'other:4840' })
  expect(await store.see(seen('1'))).toBe(true)
  const { trusted_at: first } = (await store.trust(seen('1').fingerprint)) ?? {}
  expect((await store.trust(seen('1').fingerprint))?.trusted_at).toEqual(first)
  expect(await store.see(seen('2'))).toBe(false)
  expect(await store.remove(seen('1').fingerprint)).toMatchObject({ subject: 'CN=1' })
  expect(await store.see(seen('1'))).toBe(false)
  expect(await store.trust('f'.repeat(64))).toBeUndefined()
  expect(await store.remove('f'.repeat(64))).toBeUndefined()
})

it('lists page by page, oldest first', async () => {
  await database.bulk`delete from trusted_certificates`
  for (const digit of ['a', 'b', 'c']) await store.see(seen(digit))
  const first = await store.list({ limit: 2 })
  const rest = await store.list({ limit: 2, cursor: first.next_cursor ?? '' })
  const names = [...first.items, ...rest.items].map(({ subject }) => subject)
  expect(names.toSorted()).toEqual(['CN=a', 'CN=b', 'CN=c'])
  expect(rest.next_cursor).toBeNull()
})

it('keeps a few hundred that nobody trusts, and all that somebody does', async () => {
  await database.bulk`delete from trusted_certificates`
  await store.see(seen('1'))
  await store.trust(seen('1').fingerprint)
  await database.bulk`
    insert into trusted_certificates (fingerprint, subject, issuer, valid_from, valid_until, seen_from)
      select lpad(number::text, 64, 'e'), 'CN=many', 'CN=many', now(), now(), 'oven:4840' from generate_series(1, 600) as number`
  await store.see(seen('2'))
  const [row] = await database.bulk`select count(*)::int as count from trusted_certificates`
  expect(row?.['count']).toBe(501)
  expect(await store.see(seen('1'))).toBe(true)
})

it('has one certificate of its own, made once and stored sealed', async () => {
  let made = 0
  const make = async () => ({ certificate: `certificate ${++made}`, key: 'the private key' })
  const [first, second] = await Promise.all([store.own(make), createCertificateStore(database, box).own(make)])
  expect(first).toEqual(second)
  expect(await store.own(make)).toEqual(first)
  const [row] = await database.bulk`select value from installation where key = 'own_certificate'`
  expect(Buffer.from(String(row?.['value']), 'base64').toString('latin1')).not.toContain('private')
})
