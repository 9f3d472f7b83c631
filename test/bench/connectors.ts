import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import type { Measured } from './connectors/subject.ts'

/** `npm run bench connectors [seconds] [connector …]`: session and connector beside the bare library, over one link and over many. */
const [seconds = '4', ...asked] = process.argv.slice(2)
const connectors = asked.length > 0 ? asked : ['modbus', 'rest_api', 'wachtel', 'mqtt', 'opc_ua', 'rational']
const linkCounts = [1, 200] as const
const rounds = 2
const folder = join(import.meta.dirname, 'connectors')

type Side = 'bare' | 'ours'
interface Result {
  perSecond: number
  /** CPU milliseconds of the process for 1,000 reads. */
  cpuMs: number
  rssMiB: number
}

console.log(`load ${loadavg()[0]?.toFixed(1)}; ${rounds} rounds of ${seconds} s each, in turns`)
for (const connector of connectors) {
  const results = new Map<number, Record<Side, Result>>()
  for (const links of linkCounts) results.set(links, await compare(connector, links))
  console.log(tell(connector, results))
}

async function compare(connector: string, links: number): Promise<Record<Side, Result>> {
  const isModbus = connector === 'modbus'
  const kind = connector === 'rest_api' || connector === 'wachtel' ? 'rest' : connector
  const machines = isModbus
    ? fork(join(import.meta.dirname, 'poll/machines.ts'), [String(links), '1000'])
    : fork(join(folder, 'machines.ts'), [kind])
  const [address] = (await once(machines, 'message')) as [number | number[]]
  const ports = typeof address === 'number' ? Array.from({ length: links }, () => address) : address
  const sums: Record<Side, Result> = {
    bare: { perSecond: 0, cpuMs: 0, rssMiB: 0 },
    ours: { perSecond: 0, cpuMs: 0, rssMiB: 0 },
  }
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const side of ['bare', 'ours'] as const) {
        const { perSecond, cpuMs, rssMiB } = await run(side, connector, { machines, ports })
        sums[side].perSecond += perSecond / rounds
        sums[side].cpuMs += cpuMs / rounds
        sums[side].rssMiB += rssMiB / rounds
      }
    }
  } finally {
    machines.kill()
  }
  return sums
}

async function run(
  side: Side,
  connector: string,
  { machines, ports }: { machines: ChildProcess; ports: readonly number[] },
): Promise<Result> {
  const child = fork(join(folder, `${side}.ts`), [connector])
  try {
    await once(child, 'message')
    const rssMiB = await ask<number>(child, { open: ports })
    // What MQTT machines publish comes unasked, at a rate of its own: it is read every second, and counted where it comes from.
    const pushed = isPushed(connector)
    const pauseMs = pushed ? 1_000 : 0
    await ask<Measured>(child, { forMs: 1_000, pauseMs })
    const forMs = Number(seconds) * 1_000
    const before = pushed ? await ask<number>(machines, 'served') : 0
    const startedAt = performance.now()
    const { reads, cpuSeconds } = await ask<Measured>(child, { forMs, pauseMs })
    const got = pushed ? (await ask<number>(machines, 'served')) - before : reads
    return { perSecond: got / ((performance.now() - startedAt) / 1_000), cpuMs: (cpuSeconds / got) * 1e6, rssMiB }
  } finally {
    child.kill()
  }
}

function isPushed(connector: string): boolean {
  return connector === 'mqtt'
}

async function ask<T>(child: ChildProcess, question: object | string): Promise<T> {
  child.send(question)
  const answer = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => undefined)])
  if (answer === undefined) throw new Error('the process under test has ended')
  return answer[0] as T
}

function tell(connector: string, results: ReadonlyMap<number, Record<Side, Result>>): string {
  const lines = [...results].flatMap(([links, { bare, ours }]) => {
    // What is published at a rate of its own says nothing of how much could be taken; its CPU does.
    const share = isPushed(connector) ? 'as published' : `${((ours.perSecond / bare.perSecond) * 100).toFixed(0)} %`
    return [
      `  ${links} link${links === 1 ? '' : 's'}: bare ${bare.perSecond.toFixed(0)}/s, ours ${ours.perSecond.toFixed(0)}/s: ${share}; ` +
        `CPU for 1,000: bare ${bare.cpuMs.toFixed(0)} ms, ours ${ours.cpuMs.toFixed(0)} ms`,
    ]
  })
  const [few = 1, many = 1] = linkCounts
  const memory = (side: Side) => {
    const growth = (results.get(many)?.[side].rssMiB ?? 0) - (results.get(few)?.[side].rssMiB ?? 0)
    return ((growth * 1024) / (many - few)).toFixed(0)
  }
  return [
    `${connector}:`,
    ...lines,
    `  memory for a link: bare ${memory('bare')} KiB, ours ${memory('ours')} KiB`,
  ].join('\n')
}
