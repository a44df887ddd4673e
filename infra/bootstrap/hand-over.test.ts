import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const handOver = join(import.meta.dirname, 'hand-over.mjs');
const processes = join(import.meta.dirname, '../../packages/backing-services/src/processes');

/** A root with the warden where hand-over looks for it, and a command that does what the test says. */
let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'trunkline-'));
  const folder = join(root, 'packages/backing-services/src/processes');
  mkdirSync(folder, { recursive: true });
  for (const name of ['warden-process.mjs', 'process-identity.mjs']) {
    writeFileSync(join(folder, name), readFileSync(join(processes, name)));
  }
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function bootstrap(command: string, ...args: string[]) {
  writeFileSync(join(root, 'command.mjs'), command);
  const script = `
    const { handOver } = await import(${JSON.stringify(handOver)});
    await handOver(${JSON.stringify(root)}, process.execPath, ${JSON.stringify(['command.mjs', ...args])});`;
  const { npm_lifecycle_event: _, ...env } = process.env;
  return spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env,
  });
}

const waiting = `
  process.on('SIGTERM', () => { console.log('asked to stop'); process.exit(0); });
  console.log(process.pid);
  setInterval(() => {}, 1000);`;

describe('handOver', () => {
  it('runs the command with its arguments in the root and ends with its code', async () => {
    const child = bootstrap('console.log(process.cwd(), process.argv[2]); process.exitCode = 7;', '--runs=3');
    const [output] = (await once(child.stdout, 'data')) as [Buffer];
    expect(String(output)).toMatch(/trunkline-\S+ --runs=3\n$/);
    expect(await once(child, 'exit')).toEqual([7, null]);
  });

  it('ends with 128 and the number of the signal that ended the command', async () => {
    const child = bootstrap("process.kill(process.pid, 'SIGKILL');");
    expect(await once(child, 'exit')).toEqual([137, null]);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('passes %s on', async (signal) => {
    const child = bootstrap(waiting.replace('SIGTERM', signal));
    await once(child.stdout, 'data');
    child.kill(signal);
    const [output] = (await once(child.stdout, 'data')) as [Buffer];
    expect(String(output)).toBe('asked to stop\n');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('has the command asked to stop when it is itself killed', async () => {
    const child = bootstrap(waiting);
    const [pid] = (await once(child.stdout, 'data')) as [Buffer];
    await sleep(300);
    child.kill('SIGKILL');
    const [output] = (await once(child.stdout, 'data')) as [Buffer];
    expect(String(output)).toBe('asked to stop\n');
    expect(Number(pid)).toBeGreaterThan(0);
  });

  it('says which command is not built yet', async () => {
    const script = `
      const { handOver } = await import(${JSON.stringify(handOver)});
      await handOver(${JSON.stringify(root)}, process.execPath, ['nowhere.ts']).catch((error) => console.log(error.message));`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [output] = (await once(child.stdout, 'data')) as [Buffer];
    expect(String(output)).toBe('nowhere.ts is not there: this command is not built yet.\n');
  });
});
