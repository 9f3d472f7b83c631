import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { MadeCertificate } from '#protocol/tls'

/** A folder of a simulated OPC UA server that shows this certificate, and the authorities' behind it. It goes with the test. */
export function certificateFolder(own: MadeCertificate, ...authorities: readonly MadeCertificate[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'bakewire-opc-ua-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const name of ['certs', 'private']) mkdirSync(join(folder, 'own', name), { recursive: true })
  writeFileSync(join(folder, 'own/private/private_key.pem'), own.key)
  writeFileSync(join(folder, 'own/certs/certificate.pem'), [own, ...authorities].map(({ cert }) => cert).join(''))
  return folder
}
