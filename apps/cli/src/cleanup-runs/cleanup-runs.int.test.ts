import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliLab } from '../testing/cli-lab.ts';

let lab: CliLab;
beforeAll(async () => {
  lab = await CliLab.open();
  await lab.hear('call.ringing', { call: 'a', extensions: ['1001'] });
  await lab.hear('extension.changed', { extension: '1001', status: 'ringing' });
  await lab.hear('link.disconnected', { reason: 'the socket closed' });
  await lab.hear('link.snapshot', { asOf: { epoch: 1, seq: 3 }, calls: [] });
});
afterAll(() => lab[Symbol.asyncDispose]());

interface Listed {
  readonly items: readonly { readonly id: string; readonly kind: string }[];
}

describe('cleanup-runs', () => {
  it('list shows what was cleaned up, newest first', async () => {
    const { code, out } = await lab.run(['cleanup-runs', 'list']);
    expect(code).toBe(0);
    const [head, first, second] = out.split('\n');
    expect(head).toMatch(/^at \(UTC\) +kind +pbx +state +counts +reason +run$/);
    expect(first).toMatch(/ reconcile +Head office +done /);
    expect(second).toMatch(/ disconnect +Head office +done +.*1.* the socket closed +[0-9a-f-]{36}$/);
  });

  it('list filters and pages', async () => {
    const { items } = await lab.json<Listed>('cleanup-runs', 'list', '--kind', 'disconnect');
    expect(items.map(({ kind }) => kind)).toEqual(['disconnect']);
    expect((await lab.run(['cleanup-runs', 'list', '--limit', '1'])).notes).toMatch(/--limit 1 --after /);
    expect((await lab.run(['cleanup-runs', 'list', '--kind', 'other'])).code).toBe(2);
    expect((await lab.run(['cleanup-runs', 'list', '--kind', 'sweep'])).out).toBe(
      'There were no cleanups like that.',
    );
  });

  it('show tells what became of which call', async () => {
    const { items } = await lab.json<Listed>('cleanup-runs', 'list', '--kind', 'disconnect');
    const id = items[0]?.id ?? '';
    const { code, out } = await lab.run(['cleanup-runs', 'show', id]);
    expect(code).toBe(0);
    expect(out).toMatch(
      new RegExp(`^run +${id}\nkind +disconnect\npbx +Head office\nstate +done\ncause +pbx_disconnected\n`),
    );
    expect(out).toMatch(/\na?t? ?.*call +outcome +why +pbx said +remark\n.* a +ended +pbx_disconnected +-$/);
    expect(await lab.json('cleanup-runs', 'show', id)).toMatchObject({
      id,
      calls: [{ call: 'a', outcome: 'ended' }],
    });
  });

  it('show says so where there is none', async () => {
    expect(await lab.run(['cleanup-runs', 'show', 'x'])).toMatchObject({
      code: 1,
      notes: 'There is no cleanup run x. "trunkline cleanup-runs list" shows those there are.',
    });
  });
});
