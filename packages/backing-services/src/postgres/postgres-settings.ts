/**
 * Loopback only and no Unix socket: a socket's path may hold 107 bytes, which a deep checkout exceeds, and
 * passwords (scram) guard the port on a machine that others use too.
 */
const always = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  logging_collector: 'off',
  log_timezone: 'UTC',
  timezone: 'UTC',
};

/**
 * Tests throw their data away, so nothing waits for the disk; a crash of the machine may eat it. A commit still
 * reaches the kernel before it is answered (synchronous_commit stays on), so what was committed outlives a
 * SIGKILL of the server, and tests that kill it are honest.
 */
const ephemeralOnly = {
  fsync: 'off',
  full_page_writes: 'off',
  shared_buffers: '128MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '30min',
  autovacuum_max_workers: '1',
  max_worker_processes: '2',
  max_parallel_workers: '2',
  jit: 'off',
};

export function postgresSettings(ephemeral: boolean): Readonly<Record<string, string>> {
  return ephemeral ? { ...always, ...ephemeralOnly } : always;
}
