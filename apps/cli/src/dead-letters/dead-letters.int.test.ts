import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CliLab } from '../testing/cli-lab.ts';

let lab: CliLab;
beforeAll(async () => {
  lab = await CliLab.open();
});
afterAll(() => lab[Symbol.asyncDispose]());
beforeEach(() => lab.query('truncate dead_letter, call, call_event, outbox'));

interface Letter {
  readonly group?: string;
  readonly source?: string;
  readonly payload?: string;
  readonly seq?: number;
}

async function park({
  group = 'lifecycle',
  source = lab.pbx,
  seq = 7,
  payload,
}: Letter = {}): Promise<string> {
  const id = randomUUID();
  await lab.query(
    `insert into dead_letter (id, group_name, shard, entry_id, source, epoch, seq, type, payload, error, attempts)
     values ($1, $2, 0, $3, $4, 1, $5, 'call.ringing', $6, E'the first line\\nthe second', 3)`,
    [id, group, `${seq}-0`, source, seq, payload ?? JSON.stringify({ call: 'late', at: Date.now() })],
  );
  return id;
}
const stateOf = async (id: string): Promise<unknown> =>
  (await lab.query('select state, resolved_by from dead_letter where id = $1', [id]))[0];

describe('dead-letters list', () => {
  it('shows those that wait', async () => {
    const id = await park();
    const { code, out } = await lab.run(['dead-letters', 'list']);
    expect(code).toBe(0);
    expect(out.split('\n')[1]).toMatch(
      new RegExp(`^\\S+ \\S+ +lifecycle +Head office +call\\.ringing +parked +the first line +${id}$`),
    );
  });

  it('filters and pages, and shows the others when asked', async () => {
    const [first, second] = [await park({ seq: 1 }), await park({ seq: 2, group: 'link' })];
    await lab.run(['dead-letters', 'drop', first]);
    const ids = async (...args: string[]) =>
      (await lab.json<{ items: { id: string }[] }>('dead-letters', 'list', ...args)).items.map(
        ({ id }) => id,
      );
    expect(await ids()).toEqual([second]);
    expect((await ids('--all')).sort()).toEqual([first, second].sort());
    expect(await ids('--state', 'dropped')).toEqual([first]);
    expect(await ids('--group', 'cleanup')).toEqual([]);
    expect(await ids('--pbx', 'Head office')).toEqual([second]);
    expect((await lab.run(['dead-letters', 'list', '--all', '--limit', '1'])).notes).toMatch(/--after /);
    expect((await lab.run(['dead-letters', 'list', '--state', 'lost'])).code).toBe(2);
  });

  it('says when none waits', async () => {
    expect((await lab.run(['dead-letters', 'list'])).out).toBe('No dead letters are waiting.');
  });
});

describe('dead-letters show', () => {
  it('shows the payload and why it failed', async () => {
    const id = await park({ payload: '{"broken' });
    const { out } = await lab.run(['dead-letters', 'show', id]);
    expect(out).toMatch(/^letter +.*\ngroup +lifecycle\nstate +parked\npbx +Head office \(/);
    expect(out).toMatch(/error +the first line\\u000athe second\npayload +\{"broken$/);
    expect(await lab.json('dead-letters', 'show', id)).toMatchObject({
      payload: '{"broken',
      epoch: 1,
      seq: 7,
    });
    expect((await lab.run(['dead-letters', 'show', randomUUID()])).code).toBe(1);
  });
});

describe('dead-letters replay', () => {
  it('applies what failed, in one transaction with its mark', async () => {
    const id = await park();
    expect(await lab.run(['dead-letters', 'replay', id])).toEqual({
      code: 0,
      out: `${id}: replayed.`,
      notes: '',
    });
    expect(await stateOf(id)).toEqual({ state: 'replayed', resolved_by: 'ada (command line)' });
    expect(await lab.query('select call_key, status from call')).toEqual([
      { call_key: 'late', status: 'ringing' },
    ]);
    expect(await lab.query('select id from outbox')).toEqual([]);
    expect(await lab.run(['dead-letters', 'replay', id])).toMatchObject({
      code: 1,
      notes: `${id} was replayed already.`,
    });
  });

  it('keeps what fails again, and goes on with the others', async () => {
    const stranger = await park({ seq: 1, source: randomUUID() });
    const broken = await park({ seq: 2, payload: '{"broken' });
    const good = await park({ seq: 3 });
    const { code, out, notes } = await lab.run(['dead-letters', 'replay', stranger, broken, good]);
    expect({ code, out }).toEqual({ code: 1, out: `${good}: replayed.` });
    expect(notes.split('\n')[0]).toMatch(/failed again and stays parked: no PBX .* is known here/);
    expect(notes).toContain(`${broken} failed again and stays parked: `);
    expect(await stateOf(broken)).toMatchObject({ state: 'parked' });
  });

  it('says that there is nothing to apply in what nobody could read', async () => {
    const id = await park({ group: 'link' });
    expect((await lab.run(['dead-letters', 'replay', id])).notes).toMatch(/nothing to apply.*drop it/);
  });
});

describe('dead-letters drop', () => {
  it('gives a letter up, once', async () => {
    const id = await park();
    expect(await lab.run(['dead-letters', 'drop', id])).toMatchObject({ code: 0, out: `${id}: dropped.` });
    expect(await stateOf(id)).toEqual({ state: 'dropped', resolved_by: 'ada (command line)' });
    expect((await lab.run(['dead-letters', 'drop', id])).code).toBe(1);
    expect((await lab.run(['dead-letters', 'drop'])).code).toBe(2);
  });
});
