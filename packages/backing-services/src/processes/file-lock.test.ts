import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readHolder, takeLock } from './file-lock.mjs';
import { scratchFolder } from './testing/scratch-folder.ts';

const lockModule = join(import.meta.dirname, 'file-lock.mjs');

describe('takeLock', () => {
  it('gives the lock to one, and to the next when that one lets go', async () => {
    using folder = scratchFolder();
    const path = join(folder.path, 'a.lock');
    const first = await takeLock(path, { timeoutMs: 0 });
    expect(readHolder(path)?.pid).toBe(process.pid);
    const waited: number[] = [];
    const second = takeLock(path, { timeoutMs: 5_000, onWait: (pid: number) => waited.push(pid) });
    setTimeout(() => first.release(), 150);
    (await second).release();
    expect(waited).toEqual([process.pid]);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('refuses when the wait is over, in the words it was given', async () => {
    using folder = scratchFolder();
    const path = join(folder.path, 'a.lock');
    const lock = await takeLock(path, { timeoutMs: 0 });
    const refusal = (pid: number) => `held by ${pid}`;
    await expect(takeLock(path, { timeoutMs: 0, refusal })).rejects.toThrow(`held by ${process.pid}`);
    await expect(takeLock(path, { timeoutMs: 150 })).rejects.toThrow(/Is it stuck/);
    lock.release();
  });

  it('takes over from a holder that died, and from one whose number was given to another', async () => {
    using folder = scratchFolder();
    const path = join(folder.path, 'a.lock');
    for (const dead of [
      { pid: 2 ** 22 + 1, startTime: '1' },
      { pid: process.pid, startTime: 'not mine' },
    ]) {
      writeFileSync(path, JSON.stringify(dead));
      const lock = await takeLock(path, { timeoutMs: 0 });
      expect(readHolder(path)?.pid).toBe(process.pid);
      lock.release();
    }
  });

  it('is never held by two, however many want it and however they end', async () => {
    using folder = scratchFolder();
    const [path, counter] = [join(folder.path, 'a.lock'), join(folder.path, 'counter')];
    writeFileSync(counter, '0');
    writeFileSync(path, JSON.stringify({ pid: 2 ** 22 + 1, startTime: '1' }));
    // Reads, waits and writes: two at once would lose a step. Every second one dies holding it.
    const script = `
      const { takeLock } = await import(${JSON.stringify(lockModule)});
      const { readFileSync, writeFileSync } = await import('node:fs');
      const lock = await takeLock(${JSON.stringify(path)}, { timeoutMs: 30000 });
      const seen = Number(readFileSync(${JSON.stringify(counter)}, 'utf8'));
      await new Promise((done) => setTimeout(done, 20));
      writeFileSync(${JSON.stringify(counter)}, String(seen + 1));
      if (seen % 2) process.kill(process.pid, 'SIGKILL');
      lock.release();`;
    const contenders = Array.from({ length: 8 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' }),
    );
    await Promise.all(contenders.map((contender) => once(contender, 'exit')));
    expect(readFileSync(counter, 'utf8')).toBe('8');
  });
});
