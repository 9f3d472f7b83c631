import { readFileSync } from 'node:fs'

const ticksPerSecond = 100
const pageBytes = 4096

/** CPU seconds that a process has used and the memory it holds now, as Linux counts them. */
export function processUsage(pid: number): { cpuSeconds: number; rssMiB: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const cpuSeconds = (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
  const residentPages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
  return { cpuSeconds, rssMiB: (residentPages * pageBytes) / 2 ** 20 }
}

/** CPU of a PostgreSQL server and all its backends, those that ended left out. */
export function serverCpuSeconds(postmasterPid: number): number {
  const children = readFileSync(`/proc/${postmasterPid}/task/${postmasterPid}/children`, 'utf8').trim().split(/\s+/)
  return [postmasterPid, ...children.map(Number)].reduce((sum, pid) => {
    try {
      return sum + processUsage(pid).cpuSeconds
    } catch {
      return sum
    }
  }, 0)
}
