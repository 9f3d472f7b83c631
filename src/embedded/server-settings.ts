/** Settings by PostgreSQL's names; they come after ours and win. */
export type ServerSettings = Readonly<Record<string, string>>

/** Reachable by this machine only, small in memory, and durable: commits wait for the disk. */
const defaults: ServerSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '', // A socket's path may have 107 bytes; a project's folder can be longer.
  max_connections: '64',
  shared_buffers: '64MB',
  huge_pages: 'off',
  max_wal_size: '256MB',
  // Nothing replicates from an embedded server.
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_logical_replication_workers: '0',
  autovacuum_max_workers: '2',
  max_parallel_workers_per_gather: '0',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C', // The start reads the log for its causes of failure.
  log_checkpoints: 'off',
  logging_collector: 'off',
}

/** The arguments of `postgres` for a data folder. */
export function serverArguments(dataDirectory: string, port: number, settings: ServerSettings): string[] {
  const all = { ...defaults, ...settings, port: String(port) }
  return ['-D', dataDirectory, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
}
