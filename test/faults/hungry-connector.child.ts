import { existsSync, rmSync } from 'node:fs'
import type { Kit } from '#connector'

/** A connector that takes all the memory there is and keeps it, from when the file named in its settings is written. */
// biome-ignore lint/style/noDefaultExport: the form of a connector's file.
export default ({ defineConnector, field, z }: Kit) =>
  defineConnector({
    id: 'hungry',
    title: 'Hungry',
    source: 'a made-up protocol',
    endpoint: field.host(),
    port: field.port(1),
    credentials: z.strictObject({}),
    settings: z.strictObject({ file: z.string() }),
    address: z.strictObject({}),
    timeoutSecondsDefault: 2,
    pointsOf: () => [{ metric: 'temperature', unit: 'Cel', address: {} }],
    linkKey: () => 'hungry',
    open: async () => ({}),
    close: () => undefined,
    async read(_link, { target }) {
      if (existsSync(target.settings.file)) {
        rmSync(target.settings.file)
        eat()
      }
      return [{ metric: 'temperature', value: 200, quality: 'good' }]
    },
  })

/** A few megabytes at a time, so that everything else goes on meanwhile and finds less and less. */
function eat(): void {
  const hoard: number[][] = []
  setInterval(() => {
    for (let megabytes = 0; megabytes < 4; megabytes += 1) hoard.push(Array.from({ length: 131_072 }, Math.random))
  }, 50)
}
