import { createStuckCallWorker } from '@trunkline/stuck-call-worker';
import { createMetrics } from '@trunkline/service-kit';
import { expect, it } from 'vitest';
import { logger, SimulatedPbx } from './simulated-pbx.ts';
import { linkBecomes, withConnector } from './with-connector.ts';

/** A live PBX, and two calls of which we have heard nothing for an hour: one goes on there, of one the hang-up was lost. */
async function withStuckCalls(pbx: SimulatedPbx): Promise<AsyncDisposable> {
  await pbx.add();
  const connector = await withConnector(pbx);
  await linkBecomes(pbx, 'live');
  const call = pbx.simulator.control.place({ kind: 'internal', from: '1001', to: '1002' });
  call.ring();
  call.answer();
  const id = (await pbx.shown())?.id;
  await pbx.lab.query(
    `insert into call (tenant_id, pbx_id, call_key, started_at, answered_at, word_as_of, word_said, word_rank, word_status,
       extensions, status)
     select $1, $2, key, now() - interval '1 hour', now() - interval '1 hour', 1, 1, 0, 'connected', '{1001}', 'connected'
     from unnest($3::text[]) key`,
    [pbx.lab.tenant, id, [call.key, 'lost']],
  );
  return connector;
}

async function withWorker({ lab }: SimulatedPbx): Promise<AsyncDisposable> {
  const metrics = createMetrics({ app: 'stuck-call-worker' });
  const worker = createStuckCallWorker({
    database: lab.database,
    redis: lab.redis,
    prefix: lab.prefix,
    timing: { everyMs: 86_400_000 },
    limits: { answeredMs: 1_800_000, unansweredMs: 1_800_000, unknownMs: 86_400_000 },
    verify: true,
    answerMs: 5_000,
    parallel: 2,
    doubleBookingEveryMs: 600_000,
    relay: () => Promise.resolve(),
    logger,
    metrics,
  });
  await worker.start();
  return {
    async [Symbol.asyncDispose]() {
      await worker.stop();
      metrics.stop();
    },
  };
}

const states = (pbx: SimulatedPbx) =>
  pbx.lab.query(`select call_key = 'lost' as lost, status, hangup_cause from call order by 1`);
const ended = [
  { lost: false, status: 'connected', hangup_cause: null },
  { lost: true, status: 'ended', hangup_cause: 'timeout_cleanup' },
];

it('calls cleanup ends what a real PBX does not know any more, and nothing else', async () => {
  await using pbx = await SimulatedPbx.open('asterisk-ami');
  await using _connector = await withStuckCalls(pbx);
  const { code, out } = await pbx.run(['calls', 'cleanup', '--no-interaction', '--pbx', 'Branch']);
  expect(code).toBe(0);
  expect(out).toMatch(/1 of 2 were ended, 1 are alive\.$/);
  expect(await states(pbx)).toEqual(ended);
  const shown = await pbx.run(['calls', 'show', 'lost']);
  expect(shown.out).toMatch(/What cleanups did with it\n.*\n.* sweep +ended +answered_too_long/);
  const listed = await pbx.run(['cleanup-runs', 'list', '--kind', 'sweep']);
  expect(listed.out).toMatch(/ sweep +all +done +.*ended 1.* ada \(command line\) /);
});

it('schedule run has a worker sweep now, and schedule list tells how it went', async () => {
  await using pbx = await SimulatedPbx.open();
  await using _worker = await withWorker(pbx);
  await using _connector = await withStuckCalls(pbx);
  const { code, out, notes } = await pbx.run(['schedule', 'run']);
  expect({ code, notes }).toEqual({ code: 0, notes: '' });
  expect(out).toBe('1 of 2 were ended, 1 are alive.');
  expect(await states(pbx)).toEqual(ended);
  const listed = await pbx.run(['schedule', 'list']);
  expect(listed.out).toMatch(
    /stuck-calls +1 d +in (?:1 d|\d+ h.*) +.* ago +1 of 2 were ended, 1 are alive\./,
  );
});
