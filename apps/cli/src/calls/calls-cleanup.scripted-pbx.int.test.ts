import { createCommandServer } from '@trunkline/pbx-commands';
import { createLogger } from '@trunkline/service-kit';
import { holdLease } from '@trunkline/stuck-calls';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CapturedTerminal } from '../testing/captured-terminal.ts';
import { CliLab } from '../testing/cli-lab.ts';

let lab: CliLab;
const held = new AsyncDisposableStack();
/** What the PBX says of calls; whoever is not named here is gone. */
let alive: readonly string[] = [];
const asked: string[] = [];

beforeAll(async () => {
  lab = await CliLab.open();
  const logger = createLogger({ name: 'lab', level: 'silent', redactPhoneNumbers: false });
  const server = held.use(createCommandServer({ redis: lab.redis, prefix: lab.prefix, logger }));
  held.use(
    server.serveCommands(lab.pbx, (command) => {
      if (command.kind !== 'isAlive') return Promise.reject(new Error('only this is asked here'));
      asked.push(command.call);
      return Promise.resolve({ ok: true, result: alive.includes(command.call) ? 'alive' : 'gone' });
    }),
  );
});
afterAll(async () => {
  await held.disposeAsync();
  await lab[Symbol.asyncDispose]();
});

const hour = 3_600;
beforeEach(async () => {
  await lab.query('truncate call, extension, pbx_floor, call_event, cleanup_run, outbox, work_lease cascade');
  alive = ['talks'];
  asked.length = 0;
  await lab.hear('call.connected', { call: 'lost', extensions: ['1001'] }, hour);
  await lab.hear('call.connected', { call: 'talks', extensions: ['1002'] }, hour);
  await lab.hear('call.ringing', { call: 'rings', extensions: ['1001'] }, 2 * hour);
  await lab.hear('call.connected', { call: 'young' }, 60);
  await lab.query('truncate outbox');
});

const states = async (): Promise<Record<string, string>> => {
  const rows = await lab.query<{ call: string; state: string }>(
    `select call_key as call, coalesce(hangup_cause, status) as state from call order by 1`,
  );
  return Object.fromEntries(rows.map(({ call, state }) => [call, state]));
};
const untouched = { lost: 'connected', rings: 'ringing', talks: 'connected', young: 'connected' };
const swept = { ...untouched, lost: 'timeout_cleanup', rings: 'timeout_cleanup' };

describe('calls cleanup --dry-run', () => {
  it('shows what would be done and changes not a byte of the database', async () => {
    const before = await lab.dump();
    const { code, out } = await lab.run(['calls', 'cleanup', '--dry-run']);
    expect(code).toBe(0);
    expect(out).toMatch(/^pbx +call +state +phones +for +pbx says +outcome +remark\n/);
    expect(out).toMatch(/Head office +lost +connected +1001 +1 h.* gone +would be ended\n/);
    expect(out).toMatch(/Head office +talks +connected +1002 +1 h.* alive +kept, alive\n/);
    expect(out).toMatch(/2 of 3 would be ended, 1 are alive\. Nothing was changed\.$/);
    expect(asked.sort()).toEqual(['lost', 'rings', 'talks']);
    const after = await lab.dump();
    expect(after).toContain('young');
    expect(after).toBe(before);
  });

  it('gives programs the report', async () => {
    expect(await lab.json('calls', 'cleanup', '--dry-run', '--extension', '1001')).toMatchObject({
      dryRun: true,
      counts: { found: 2, would_end: 2, ended: 0 },
      calls: [{ call: 'lost' }, { call: 'rings' }],
    });
  });

  it('finds others by other limits', async () => {
    const { out } = await lab.run(['calls', 'cleanup', '--dry-run', '--timeout=90']);
    expect(out).toMatch(/1 of 1 would be ended/);
    expect((await lab.run(['calls', 'cleanup', '--dry-run', '--timeout=180'])).out).toBe(
      'No stuck calls were found.',
    );
  });

  it('asks no PBX where it was told not to', async () => {
    const { out } = await lab.run(['calls', 'cleanup', '--dry-run', '--no-verify']);
    expect(out).toMatch(/3 of 3 would be ended\. The PBXs were not asked\./);
    expect(asked).toEqual([]);
  });
});

describe('calls cleanup', () => {
  it('asks first, and ends what the PBX does not know any more', async () => {
    const terminal = new CapturedTerminal({ answers: ['y'] });
    const { code, out } = await lab.run(['calls', 'cleanup'], { terminal });
    expect({ code, asked: terminal.asked }).toEqual({ code: 0, asked: ['End these 2 calls? [y/N] '] });
    expect(out).toMatch(/2 of 3 were ended, 1 are alive\.$/);
    expect(await states()).toEqual(swept);
    const [run] = await lab.query<{ reason: string; counts: string }>(
      'select reason, counts::text from cleanup_run',
    );
    expect(run?.reason).toBe('ada (command line)');
    expect(await lab.query('select id from outbox')).toEqual([]);
  });

  it.each([[['n']], [['']], [[]]])('does nothing where the answer is %j', async (answers) => {
    const terminal = new CapturedTerminal({ answers });
    const { code, notes } = await lab.run(['calls', 'cleanup'], { terminal });
    expect({ code, notes }).toEqual({ code: 0, notes: 'Nothing was done.' });
    expect(await states()).toEqual(untouched);
  });

  it('asks nothing where there is nothing to end', async () => {
    alive = ['lost', 'talks', 'rings'];
    const terminal = new CapturedTerminal({ answers: ['y'] });
    const { code, out } = await lab.run(['calls', 'cleanup'], { terminal });
    expect({ code, asked: terminal.asked }).toEqual({ code: 0, asked: [] });
    expect(out).toMatch(/0 of 3 would be ended, 3 are alive\./);
  });

  it('refuses to go ahead unasked where nobody can be asked', async () => {
    const { code, out, notes } = await lab.run(['calls', 'cleanup']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(notes).toMatch(/Add --no-interaction to go ahead, or --dry-run/);
    expect(await states()).toEqual(untouched);
  });

  it('goes ahead without a terminal where it was told to', async () => {
    const { code, out } = await lab.run(['calls', 'cleanup', '--no-interaction']);
    expect(code).toBe(0);
    expect(out).toMatch(/lost +connected .* gone +ended\n/);
    expect(await states()).toEqual(swept);
    expect(await lab.run(['calls', 'cleanup', '--no-interaction'])).toMatchObject({
      out: 'No stuck calls were found.',
    });
  });

  it('ends by the time alone where it was told to', async () => {
    const { code } = await lab.run(['calls', 'cleanup', '--no-interaction', '--no-verify']);
    expect(code).toBe(0);
    expect(await states()).toEqual({ ...swept, talks: 'timeout_cleanup' });
  });

  it('ends only calls of the phone or the PBX that was named', async () => {
    await lab.run(['calls', 'cleanup', '--no-interaction', '--extension', '1002', '--no-verify']);
    expect(await states()).toEqual({ ...untouched, talks: 'timeout_cleanup' });
    expect((await lab.run(['calls', 'cleanup', '--no-interaction', '--pbx', 'Nowhere'])).code).toBe(1);
  });

  it('keeps what the PBX could not be asked about, and says why', async () => {
    await lab.query(
      `insert into pbx (id, tenant_id, name, vendor) select gen_random_uuid(), tenant_id, 'Branch', vendor from pbx`,
    );
    await lab.query(
      `update call set pbx_id = (select id from pbx where name = 'Branch') where call_key = 'lost'`,
    );
    const { code, out } = await lab.run(['calls', 'cleanup', '--no-interaction', '--pbx', 'Branch'], {
      env: { TRUNKLINE_STUCK_CALLS_ANSWER: '200ms' },
    });
    await lab.query(`delete from call where call_key = 'lost'`);
    await lab.query(`delete from pbx where name = 'Branch'`);
    expect(code).toBe(0);
    expect(out).toMatch(/Branch +lost .* unknown +kept, unknown +\S+/);
    expect(out).toMatch(/0 of 1 were ended, of 1 the PBX could not be asked yet\.$/);
  });

  it('does not run beside another sweep', async () => {
    const lease = { name: 'stuck-call-sweep', holder: '20000000-0000-4000-8000-000000000001' };
    const other = await holdLease(lab.database, lease, 60_000);
    const { code, notes } = await lab.run(['calls', 'cleanup', '--no-interaction']);
    await other?.[Symbol.asyncDispose]();
    expect({ code, notes }).toEqual({
      code: 1,
      notes: 'Another sweep is under way, so nothing was done. Try again when it is over.',
    });
    expect(await states()).toEqual(untouched);
  });

  it.each([
    [['--timeout', '0'], /whole number from 1 to 43200/],
    [['--timeout'], /argument missing/],
    [['--force'], /unknown option '--force'/],
    [['extra'], /too many arguments/],
  ])('refuses %j', async (args, message) => {
    const { code, notes } = await lab.run(['calls', 'cleanup', ...args]);
    expect(code).toBe(2);
    expect(notes).toMatch(message);
  });
});
