import { readFileSync, rmSync } from 'node:fs'
import type { Kit } from '#connector'

/** A connector that does not let go of the event loop, once for each time that the file named in its settings is written: for so many ms. */
// biome-ignore lint/style/noDefaultExport: the form of a connector's file.
export default ({ defineConnector, field, z }: Kit) =>
  defineConnector({
    id: 'busy',
    title: 'Busy',
    source: 'a made-up protocol',
    endpoint: field.host(),
    port: field.port(1),
    credentials: z.strictObject({}),
    settings: z.strictObject({ file: z.string() }),
    address: z.strictObject({}),
    timeoutSecondsDefault: 2,
    pointsOf: () => [{ metric: 'temperature', unit: 'Cel', address: {} }],
    linkKey: () => 'busy',
    open: async () => ({}),
    close: () => undefined,
    async read(_link, { target }) {
      const busyMs = takeFrom(target.settings.file)
      if (busyMs > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, busyMs)
      return [{ metric: 'temperature', value: 200, quality: 'good' }]
    },
  })

function takeFrom(file: string): number {
  try {
    const ms = Number(readFileSync(file, 'utf8'))
    rmSync(file)
    return ms
  } catch {
    // There is none, most of the time.
    return 0
  }
}
