import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writePrivateJson } from '../private-json.ts';
import { outlivePredecessor, writeServing } from './predecessor.ts';
import { processStartTime } from './process-identity.mjs';
import { scratchFolder } from './testing/scratch-folder.ts';

async function server(script: string): Promise<number> {
  const child = spawn(process.execPath, ['-e', `${script}; setInterval(() => {}, 1000); console.log('up')`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(child.stdout, 'data');
  return child.pid ?? 0;
}

describe('outlivePredecessor', () => {
  it('has nothing to wait for where nobody served, or whoever served is gone', async () => {
    using folder = scratchFolder();
    const pidFile = join(folder.path, 'redis.pid');
    await outlivePredecessor(pidFile, 'SIGTERM');
    writePrivateJson(pidFile, { pid: process.pid, startTime: 'of another life' });
    await outlivePredecessor(pidFile, 'SIGTERM');
    expect(existsSync(pidFile)).toBe(false);
  });

  it('waits for one that is just being stopped', async () => {
    using folder = scratchFolder();
    const pidFile = join(folder.path, 'redis.pid');
    const pid = await server('setTimeout(() => process.exit(), 300)');
    writeServing(pidFile, pid);
    await outlivePredecessor(pidFile, 'SIGTERM', { wardenMs: 5_000, ownMs: 0 });
    expect(processStartTime(pid)).toBeUndefined();
  });

  it('stops one whom nobody else will stop', async () => {
    using folder = scratchFolder();
    const pidFile = join(folder.path, 'redis.pid');
    const pid = await server('');
    writeServing(pidFile, pid);
    await outlivePredecessor(pidFile, 'SIGTERM', { wardenMs: 50, ownMs: 5_000 });
    expect(processStartTime(pid)).toBeUndefined();
  });

  it('says which process to end when one will not go', async () => {
    using folder = scratchFolder();
    const pidFile = join(folder.path, 'redis.pid');
    const pid = await server("process.on('SIGTERM', () => {})");
    writeServing(pidFile, pid);
    const waiting = outlivePredecessor(pidFile, 'SIGTERM', { wardenMs: 50, ownMs: 100 });
    await expect(waiting).rejects.toThrow(`kill -9 ${pid}`);
    process.kill(pid, 'SIGKILL');
  });
});
