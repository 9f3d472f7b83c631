import { decodeCursor, type Page, pageOf } from './cursor.ts'
import type { Database } from './database.ts'
import { and, asc, eq, isNull, sql } from './drizzle.ts'
import type { SecretBox } from './secret-box.ts'
import { guarded } from './store-errors.ts'
import { installation, trustedCertificates } from './tables.ts'

/** A certificate that a machine has shown. */
export type CertificateRow = typeof trustedCertificates.$inferSelect

export type SeenCertificate = Pick<
  typeof trustedCertificates.$inferInsert,
  'fingerprint' | 'subject' | 'issuer' | 'valid_from' | 'valid_until' | 'seen_from'
>

/** What this installation shows of itself: a certificate and the key to it, both PEM. */
export interface OwnCertificate {
  readonly certificate: string
  readonly key: string
}

/** Certificates that were only seen: a machine that shows another one at every connection must not fill the table. */
const untrustedMax = 500

const ownBinding = { record: 'installation/own_certificate', field: 'value', target: '' } as const

export type CertificateStore = ReturnType<typeof createCertificateStore>

export function createCertificateStore({ db }: Database, box: SecretBox) {
  return {
    /** Notes that a machine has shown a certificate; tells whether it is trusted. */
    see: (seen: SeenCertificate): Promise<boolean> =>
      guarded(
        'noting a certificate',
        (async () => {
          const [row] = await db
            .insert(trustedCertificates)
            .values(seen)
            .onConflictDoUpdate({
              target: trustedCertificates.fingerprint,
              set: { seen_from: seen.seen_from, last_seen_at: sql`date_trunc('milliseconds', now())` },
            })
            .returning()
          if (row?.trusted_at) return true
          await db.execute(sql`
            delete from trusted_certificates where trusted_at is null and id in (
              select id from trusted_certificates where trusted_at is null
              order by last_seen_at desc, id offset ${untrustedMax})`)
          return false
        })(),
      ),

    /** Oldest first. */
    async list({ limit, cursor }: { limit: number; cursor?: string | undefined }): Promise<Page<CertificateRow>> {
      const after = cursor === undefined ? undefined : decodeCursor('certificates', cursor)
      const { first_seen_at: firstSeen, id } = trustedCertificates
      const beyond = after && sql`(${firstSeen}, ${id}) > (${after.time.toISOString()}::timestamptz, ${after.id}::uuid)`
      const rows = await guarded(
        'listing certificates',
        db
          .select()
          .from(trustedCertificates)
          .where(beyond)
          .orderBy(asc(firstSeen), asc(id))
          .limit(limit + 1),
      )
      return pageOf(rows, limit, (row) => ({ list: 'certificates', time: row.first_seen_at, id: row.id }))
    },

    /** Trusts a certificate that was seen; one that is trusted already stays as it is. Undefined where there is none. */
    trust: (fingerprint: string): Promise<CertificateRow | undefined> =>
      guarded(
        'trusting a certificate',
        (async () => {
          const isIt = eq(trustedCertificates.fingerprint, fingerprint)
          await db
            .update(trustedCertificates)
            .set({ trusted_at: sql`date_trunc('milliseconds', now())` })
            .where(and(isIt, isNull(trustedCertificates.trusted_at)))
          const [row] = await db.select().from(trustedCertificates).where(isIt)
          return row
        })(),
      ),

    /** Forgets a certificate, trusted or not, and gives back what it was. */
    remove: async (fingerprint: string): Promise<CertificateRow | undefined> => {
      const isIt = eq(trustedCertificates.fingerprint, fingerprint)
      const [row] = await guarded('forgetting a certificate', db.delete(trustedCertificates).where(isIt).returning())
      return row
    },

    /** What this installation shows of itself, the same in all its processes: made by the first that needs it, and kept sealed. */
    own: (make: () => Promise<OwnCertificate>): Promise<OwnCertificate> =>
      guarded(
        "reading the installation's certificate",
        (async () => {
          const isIt = eq(installation.key, 'own_certificate')
          const kept = async () => {
            const [row] = await db.select().from(installation).where(isIt)
            return row && (box.open(Buffer.from(String(row.value), 'base64'), ownBinding) as OwnCertificate)
          }
          const found = await kept()
          if (found) return found
          const value = box.seal(await make(), ownBinding).toString('base64')
          await db.insert(installation).values({ key: 'own_certificate', value }).onConflictDoNothing()
          const stored = await kept()
          if (!stored) throw new Error('the certificate that was stored is not there')
          return stored
        })(),
      ),
  }
}
