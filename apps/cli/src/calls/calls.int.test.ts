import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CapturedTerminal } from '../testing/captured-terminal.ts';
import { CliLab } from '../testing/cli-lab.ts';

let lab: CliLab;
beforeAll(async () => {
  lab = await CliLab.open();
});
afterAll(() => lab[Symbol.asyncDispose]());

const hour = 3_600;
beforeEach(async () => {
  await lab.query('truncate call, extension, pbx_floor, call_event, cleanup_run, recording, outbox cascade');
  await lab.hear(
    'call.connected',
    { call: 'stuck-1', extensions: ['1001'], startedAt: Date.now() - hour * 1_000 },
    hour,
  );
  await lab.hear('call.ringing', { call: 'stuck-2', extensions: ['1002'] }, 2 * hour);
  await lab.hear('call.connected', { call: 'fine', extensions: ['1003'] }, 60);
  await lab.hear(
    'call.ringing',
    { call: 'over', caller: { number: '+4930111222' }, route: { direction: 'inbound' } },
    90,
  );
  await lab.hear('call.ended', { call: 'over', cause: 'busy' }, 80);
});

interface Listed {
  readonly items: readonly { readonly call: string }[];
  readonly next: string | null;
}
const listed = async (...args: string[]): Promise<string[]> =>
  (await lab.json<Listed>('calls', 'list', ...args)).items.map(({ call }) => call);

describe('calls list', () => {
  it('shows a table to people', async () => {
    const { code, out, notes } = await lab.run(['calls', 'list']);
    expect({ code, notes }).toEqual({ code: 0, notes: '' });
    const [head, ...lines] = out.split('\n');
    expect(head).toMatch(/^started \(UTC\) +pbx +call +state +from +to +phones +lasted +cause$/);
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ +Head office +fine +connected +- +- +1003 +1 min/,
    );
    expect(lines[1]).toMatch(/over +ended +\+4930111222 .*10 s +busy$/);
  });

  it('goes on where a page ended, and says how', async () => {
    const { out, notes } = await lab.run(['calls', 'list', '--limit', '3']);
    expect(out.split('\n')).toHaveLength(4);
    const [, ...command] = /with (--limit) (\d+) (--after) (\S+)$/.exec(notes) ?? [];
    expect(await listed(...command)).toEqual(['stuck-2']);
  });

  it.each([
    [
      ['--status', 'ringing,connected'],
      ['fine', 'stuck-1', 'stuck-2'],
    ],
    [['--extension', '1002'], ['stuck-2']],
    [['--number', '+4930'], ['over']],
    [['--number-end', '222'], ['over']],
    [['--direction', 'inbound'], ['over']],
    [
      ['--from', '5m'],
      ['fine', 'over'],
    ],
    [['--to', '90m'], ['stuck-2']],
    [['--cause', 'busy,no_answer'], ['over']],
    [['--stuck'], ['stuck-1', 'stuck-2']],
    [['--stuck', '90'], ['stuck-2']],
    [['--pbx', 'Head office', '--tenant', 'Acme', '--status', 'ended'], ['over']],
  ])('filters by %j', async (args, expected) => {
    expect(await listed(...args)).toEqual(expected);
  });

  it('says so where there is nothing', async () => {
    expect(await lab.run(['calls', 'list', '--extension', '9999'])).toEqual({
      code: 0,
      out: 'No calls are like that.',
      notes: '',
    });
  });

  it.each([
    [['--status', 'gone'], 2, /one of calling, ringing/],
    [['--limit', '0'], 2, /whole number from 1 to 500/],
    [['--from', 'yesterday'], 2, /how long ago, such as 2h/],
    [['--number', 'abc'], 2, /digits/],
    [['--after', 'nonsense'], 2, /cursor/],
    [['--nonsense'], 2, /unknown option '--nonsense'/],
    [['--pbx', 'Nowhere'], 1, /There is no PBX "Nowhere"/],
    [['--tenant', 'Nobody'], 1, /There is no tenant "Nobody"/],
  ])('refuses %j with exit code %i', async (args, code, message) => {
    const ran = await lab.run(['calls', 'list', ...args]);
    expect(ran).toMatchObject({ code, out: '' });
    expect(ran.notes).toMatch(message);
    expect(ran.notes).not.toMatch(/\n {4}at /);
  });
});

describe('calls show', () => {
  it('shows what was said of a call and what cleanups did with it', async () => {
    await lab.hear('recording.ready', { recording: 'r.wav', call: 'stuck-1', durationSeconds: 5 });
    await lab.hear('link.disconnected', { reason: 'the socket closed' });
    const { code, out } = await lab.run(['calls', 'show', 'stuck-1']);
    expect(code).toBe(0);
    expect(out).toMatch(/^call +stuck-1\npbx +Head office \(.*\)\nstate +ended\ncause +pbx_disconnected\n/);
    expect(out).toMatch(/What was said of it\nat \(UTC\) .*\n.*call\.connected .*extensions=\["1001"\]/);
    expect(out).toMatch(/What cleanups did with it\nat \(UTC\) .*\n.* disconnect +ended +pbx_disconnected/);
    expect(out).toMatch(/Recordings\n.*\n.*r\.wav +5 s$/);
  });

  it('gives programs the whole of it', async () => {
    expect(await lab.json('calls', 'show', 'over')).toMatchObject({
      call: 'over',
      status: 'ended',
      cause: 'busy',
      trail: [{ type: 'call.ringing' }, { type: 'call.ended' }],
      cleanups: [],
      recordings: [],
    });
  });

  it('lets nothing that a PBX said steer the terminal', async () => {
    await lab.query(`update call set caller_name = E'\\u001b[31mred' where call_key = 'over'`);
    const { out } = await lab.run(['calls', 'show', 'over']);
    expect(out).toContain('\\u001b[31mred');
    expect(out).not.toContain('\u001b');
  });

  it('says so where there is no such call, or where it is not said which', async () => {
    expect(await lab.run(['calls', 'show', 'unknown'])).toMatchObject({
      code: 1,
      notes: expect.stringContaining('There is no call "unknown"') as string,
    });
    expect((await lab.run(['calls', 'show'])).code).toBe(2);
  });
});

describe('calls stats', () => {
  it('counts by state and cause, shows the stuck ones and what to do about them', async () => {
    await lab.hear('call.ringing', { call: 'second', extensions: ['1003'] }, 5);
    const { code, out } = await lab.run(['calls', 'stats']);
    expect(code).toBe(0);
    expect(out).toMatch(/^Open calls\ncalling +0\nringing +2\nconnected +2\nheld +0\n/);
    expect(out).toMatch(/last 1 d\nbusy +1\n/);
    expect(out).toMatch(
      /2 of them:\npbx .*\nHead office +stuck-2 +ringing +1002 +2 h .* never answered, never ended\n/,
    );
    expect(out).toMatch(/Phones in more than one open call\n.*\n1003 .*fine second/);
    expect(out).toMatch(/trunkline calls cleanup --dry-run/);
  });

  it('takes other limits, and says when all is well', async () => {
    const { out } = await lab.run(['calls', 'stats', '--timeout', '180', '--since', '30s']);
    expect(out).toMatch(/last 30 s\nnone\n\nStuck calls\nnone\n\nAll is well/);
    expect((await lab.run(['calls', 'stats', '--timeout', '0'])).code).toBe(2);
    expect(await lab.json('calls', 'stats')).toMatchObject({ byStatus: { connected: 2 }, stuckTotal: 2 });
  });

  it('colours bad news on a terminal that can show it, and says the same without', async () => {
    const terminal = new CapturedTerminal({ hasColours: true });
    const { out } = await lab.run(['calls', 'stats'], { terminal });
    expect(out).toContain('\u001b[31m2 of them:\u001b[39m');
    expect((await lab.run(['calls', 'stats'])).out).not.toContain('\u001b');
  });
});
