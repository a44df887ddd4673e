import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { processStartTime } from './process-identity.mjs';
import { eventually } from './testing/eventually.ts';
import { scratchFolder } from './testing/scratch-folder.ts';

const launcherScript = join(import.meta.dirname, 'testing', 'launcher.fixture.ts');
const wardenScript = join(import.meta.dirname, 'warden-process.mjs');

const obedient = "console.log('up'); setInterval(() => {}, 1000);";
const stubborn = `process.on('SIGTERM', () => {}); ${obedient}`;
const noting = (file: string, name: string) => `
  process.on('SIGTERM', () => {
    require('fs').appendFileSync(${JSON.stringify(file)}, ${JSON.stringify(`${name}\n`)});
    setTimeout(() => process.exit(), 200);
  });
  ${obedient}`;

type Child = { readonly script: string; readonly as: 'app' | 'store' };

async function launcherOf(...children: Child[]) {
  const launcher = spawn(process.execPath, [launcherScript, JSON.stringify(children)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(launcher.stdout, 'data')) as [Buffer];
  const { pids, warden } = JSON.parse(String(line)) as { pids: number[]; warden: number };
  return { launcher, pids, warden };
}

async function killed(launcher: ChildProcess): Promise<void> {
  launcher.kill('SIGKILL');
  await once(launcher, 'exit');
}

const alive = (pid: number) => processStartTime(pid) !== undefined;

describe('when the launcher is killed', () => {
  it('everything it had registered is gone, and so is the warden', async () => {
    const { launcher, pids, warden } = await launcherOf(
      { script: obedient, as: 'app' },
      { script: obedient, as: 'store' },
    );
    expect([...pids, warden].every(alive)).toBe(true);
    await killed(launcher);
    await eventually('all gone', () => ![...pids, warden].some(alive), 2_000);
  });

  it('whoever ignores its signal is killed, all within five seconds', async () => {
    const { launcher, pids } = await launcherOf(
      { script: stubborn, as: 'app' },
      { script: stubborn, as: 'store' },
    );
    await killed(launcher);
    await eventually('all gone', () => !pids.some(alive), 5_000);
  });

  it('whoever is frozen ends as well', async () => {
    const { launcher, pids } = await launcherOf({ script: obedient, as: 'store' });
    process.kill(pids[0] ?? 0, 'SIGSTOP');
    await killed(launcher);
    await eventually('gone', () => !pids.some(alive), 2_000);
  });

  it('apps stop before the stores they use', async () => {
    using folder = scratchFolder();
    const log = join(folder.path, 'log');
    const { launcher, pids } = await launcherOf(
      { script: noting(log, 'store'), as: 'store' },
      { script: noting(log, 'app'), as: 'app' },
    );
    await killed(launcher);
    await eventually('all gone', () => !pids.some(alive));
    expect(readFileSync(log, 'utf8')).toBe('app\nstore\n');
  });
});

describe('a warden', () => {
  it('that is killed has a successor, which does its work', async () => {
    const { launcher, pids, warden } = await launcherOf({ script: obedient, as: 'store' });
    process.kill(warden, 'SIGKILL');
    await eventually('a new warden', () => wardensOf(launcher.pid ?? 0).some((pid) => pid !== warden));
    await killed(launcher);
    await eventually('gone', () => !pids.some(alive), 2_000);
  });

  it('leaves a process alone that only has the number of one it watched', async () => {
    const bystander = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    await once(bystander, 'spawn');
    const watch = { pid: bystander.pid, startTime: 'another', signal: 'SIGKILL', stage: 0, graceMs: 100 };
    const warden = spawn(process.execPath, [wardenScript], { stdio: ['pipe', 'ignore', 'inherit'] });
    warden.stdin.end(`${JSON.stringify({ watch })}\n`);
    await once(warden, 'exit');
    expect(alive(bystander.pid ?? 0)).toBe(true);
    await killed(bystander);
  });

  it('forgets what ended in good order', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    await once(child, 'spawn');
    const pid = child.pid ?? 0;
    const watch = { pid, startTime: processStartTime(pid), signal: 'SIGKILL', stage: 0, graceMs: 100 };
    const warden = spawn(process.execPath, [wardenScript], { stdio: ['pipe', 'ignore', 'inherit'] });
    warden.stdin.end(`${JSON.stringify({ watch })}\n${JSON.stringify({ forget: pid })}\n`);
    await once(warden, 'exit');
    expect(alive(pid)).toBe(true);
    await killed(child);
  });
});

/** The launcher's children that run the warden's script. */
function wardensOf(launcher: number): number[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).trim().split('\n');
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, parent, ...args]) => Number(parent) === launcher && args.join(' ').includes('warden-process'))
    .map(([pid]) => Number(pid));
}
