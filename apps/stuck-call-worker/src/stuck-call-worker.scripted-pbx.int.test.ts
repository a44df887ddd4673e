import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createWorkerLab, operatorsRequest } from './testing/worker-lab.ts';

const counted = ({ counts }: { counts: Record<string, number> }) =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));

const deadlineMs = 20_000;

describe('a sweep that somebody asks for', () => {
  it('asks the PBX through its command queue, ends what is gone, and reports with progress', async () => {
    await using lab = await createWorkerLab();
    lab.servePbxs();
    const { log, metrics } = await lab.startReplica({ bounds: { batchCallsMax: 3 } });
    const keys = Array.from({ length: 8 }, (_, index) => `call ${index}`);
    await lab.addStuck([...keys, 'talking']);
    for (const key of keys) lab.answers.set(key, 'gone');
    lab.answers.set('talking', 'alive');
    const stages = new Set<string>();
    const onProgress = ({ stage, batches }: { stage: string; batches: number }) =>
      stages.add(`${stage} ${batches}`);
    const report = await lab.requests.requestSweep(operatorsRequest, { deadlineMs, onProgress });
    expect([report.state, counted(report)]).toEqual(['done', { found: 9, ended: 8, alive: 1 }]);
    expect(stages).toContain('done 3');
    expect(await lab.calls()).toEqual({
      ...Object.fromEntries(keys.map((key) => [key, 'timeout_cleanup'])),
      talking: 'connected',
    });
    expect(await lab.rows(`select reason, counts->>'ended' as ended from cleanup_run`)).toEqual([
      { reason: 'operator', ended: '8' },
    ]);
    const cleaned = log.filter(({ msg }) => String(msg).startsWith('Stuck call cleaned up'));
    expect(new Set(cleaned.map(({ call }) => call))).toEqual(new Set(keys));
    expect(cleaned).toHaveLength(keys.length);
    expect(await metrics.exposition()).toMatch(/trunkline_stuck_calls_total\{outcome="ended",app="test"\} 8/);
    expect(lab.relayed.length).toBeGreaterThan(0);
  });

  it('as a dry run changes nothing, and keeps nothing', async () => {
    await using lab = await createWorkerLab();
    lab.servePbxs();
    await lab.startReplica();
    await lab.addStuck(['a']);
    lab.answers.set('a', 'gone');
    const report = await lab.requests.requestSweep({ ...operatorsRequest, dryRun: true }, { deadlineMs });
    expect(counted(report)).toEqual({ found: 1, would_end: 1 });
    expect(await lab.calls()).toEqual({ a: 'connected' });
    expect(await lab.rows('select from cleanup_run')).toEqual([]);
  });

  it('keeps what it can’t ask about while nobody holds the link', async () => {
    await using lab = await createWorkerLab();
    await lab.startReplica({ answerMs: 200 });
    await lab.addStuck(['a']);
    const report = await lab.requests.requestSweep(operatorsRequest, { deadlineMs });
    expect(counted(report)).toEqual({ found: 1, unknown: 1 });
    expect(report.calls[0]?.detail).toMatch(/no connector holds the link/);
  });

  it('is told apart from one that no worker takes up', async () => {
    await using lab = await createWorkerLab();
    const sweeping = lab.requests.requestSweep(operatorsRequest, { deadlineMs, takenUpWithinMs: 300 });
    await expect(sweeping).rejects.toMatchObject({ problem: 'nobody' });
    await lab.startReplica();
    await wait(300);
    expect(await lab.rows('select from cleanup_run')).toEqual([]);
  });

  it('can be looked at and listed afterwards', async () => {
    await using lab = await createWorkerLab();
    await lab.startReplica();
    const id = await lab.requests.startSweep({ ...operatorsRequest, by: 'somebody' });
    await expect.poll(async () => (await lab.requests.lookAtSweep(id))?.stage).toBe('done');
    const [recent] = await lab.requests.recentSweeps();
    expect(recent).toMatchObject({ id, request: { by: 'somebody' }, report: { state: 'done' } });
    expect(await lab.requests.lookAtSweep('no such sweep')).toBeNull();
  });
});

describe('the schedule', () => {
  it('makes sweeps by itself, each of them once, and says when the next one is', async () => {
    await using lab = await createWorkerLab();
    lab.servePbxs();
    const timing = { everyMs: 1_000 };
    await Promise.all([1, 2, 3].map(() => lab.startReplica({ timing })));
    await lab.addStuck(['a']);
    lab.answers.set('a', 'gone');
    await expect.poll(() => lab.calls(), { timeout: 10_000 }).toEqual({ a: 'timeout_cleanup' });
    const schedule = await lab.requests.readSchedule();
    expect(schedule).toMatchObject({
      everyMs: 1_000,
      cron: null,
      request: { by: 'schedule', dryRun: false },
    });
    expect(await lab.rows(`select reason from cleanup_run`)).toEqual([{ reason: 'schedule' }]);
    expect(lab.asked).toHaveLength(1);
  });

  it('follows the settings: whoever starts with others changes it', async () => {
    await using lab = await createWorkerLab();
    {
      await using _first = await lab.startReplica({ timing: { everyMs: 60_000 } });
      await expect.poll(async () => (await lab.requests.readSchedule())?.everyMs).toBe(60_000);
    }
    await lab.startReplica({ timing: { cron: '*/10 * * * *' } });
    await expect
      .poll(async () => (await lab.requests.readSchedule())?.cron, { timeout: 10_000 })
      .toBe('*/10 * * * *');
    const next = (await lab.requests.readSchedule())?.nextAt?.getTime() ?? 0;
    expect(next % 600_000).toBe(0);
  });
});

describe('a phone in two open calls', () => {
  it('is noticed without waiting for a sweep, by one replica, and settled', async () => {
    await using lab = await createWorkerLab();
    lab.servePbxs();
    lab.answers.set('old', 'gone').set('new', 'alive');
    const replicas = await Promise.all([1, 2].map(() => lab.startReplica({ doubleBookingEveryMs: 200 })));
    await lab.addStuck(['old', 'new'], ['1001'], Date.now());
    await expect
      .poll(() => lab.calls(), { timeout: 10_000 })
      .toEqual({ old: 'timeout_cleanup', new: 'connected' });
    expect(lab.asked.map(({ call }) => call).sort()).toEqual(['new', 'old']);
    const told = () => replicas.flatMap(({ log }) => log.filter(({ extension }) => extension === '1001'));
    // It is told once the settlement is written down, which is after the call has ended.
    await expect.poll(told, { timeout: 10_000 }).toMatchObject([{ answer: 'gone' }]);
  });
});

it('is ready while both stores answer, and a stop is clean while work is under way', async () => {
  await using lab = await createWorkerLab();
  lab.servePbxs();
  const replica = await lab.startReplica({ bounds: { parallelPerPbxMax: 1 } });
  await expect.poll(async () => (await replica.health.readiness()).ready).toBe(true);
  const keys = Array.from({ length: 40 }, (_, index) => `call ${index}`);
  await lab.addStuck(keys);
  for (const key of keys) lab.answers.set(key, 'gone');
  lab.answerMs = 100;
  const report = lab.requests.requestSweep(operatorsRequest, { deadlineMs });
  await expect.poll(() => lab.asked.length).toBeGreaterThan(2);
  await replica.worker.stop();
  expect(Object.values(await lab.calls()).filter((shown) => shown === 'timeout_cleanup')).toEqual([]);
  lab.answerMs = 0;
  await lab.startReplica();
  expect(counted(await report)).toEqual({ found: 40, ended: 40 });
});
