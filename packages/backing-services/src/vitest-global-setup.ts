import { startTestServers } from './testing/start-test-servers.ts';

/** Vitest calls this once before the project "servers" and what it returns afterwards. */
export async function setup(): Promise<() => Promise<void>> {
  const servers = await startTestServers((line) => process.stderr.write(`${line}\n`));
  return () => servers[Symbol.asyncDispose]();
}
