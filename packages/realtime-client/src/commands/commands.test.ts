import { describe, expect, it } from 'vitest';
import { connectedLab, createLab, type Lab } from '../testing/connected-client.ts';
import type { CommandError } from './command-error.ts';
import type { CommandStorage, StoredCommand } from './command-storage.ts';
import { callControlMsMax, createCommands, waitingMax } from './commands.ts';

const hangUp = { kind: 'hang_up', pbx: 'p1', call: 'c1' } as const;
const acknowledge = { kind: 'acknowledge', notification: 'n1' } as const;

class MemoryStorage implements CommandStorage {
  readonly stored = new Map<string, StoredCommand>();
  load() {
    return Promise.resolve([...this.stored.values()]);
  }
  put(command: StoredCommand) {
    this.stored.set(command.key, command);
    return Promise.resolve();
  }
  remove(key: string) {
    this.stored.delete(key);
    return Promise.resolve();
  }
}

const sent = ({ world }: Lab) => world.sockets.flatMap((socket) => socket.sentOf('command'));
const answer = ({ world }: Lab, more: object) =>
  world.socket.say({ type: 'result', id: world.socket.sentOf('command').at(-1)?.['id'], ...more });
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    ({ problem, nothingDone }: CommandError) => ({ problem, nothingDone }),
  );

describe('a command', () => {
  it('goes out with its key and what is left of its time, and brings what came of it', async () => {
    const lab = await connectedLab();
    const done = createCommands(lab.client).command(hangUp, { key: 'k1' });
    expect(sent(lab)).toEqual([{ type: 'command', id: '1', key: 'k1', expiresInMs: 5_000, command: hangUp }]);
    answer(lab, { ok: true, result: { gone: true } });
    expect(await done).toEqual({ gone: true });
  });

  it('that the server refuses says why, and whether anything may have been done', async () => {
    const lab = await connectedLab();
    const failed = failure(createCommands(lab.client).command(hangUp));
    answer(lab, { ok: false, problem: 'unavailable', message: 'no link', nothingDone: true });
    expect(await failed).toEqual({ problem: 'unavailable', nothingDone: true });
  });

  it('that controls calls waits 5 s for a connection, whatever was asked, and is not done late', async () => {
    const lab = createLab();
    const failed = failure(createCommands(lab.client).command(hangUp, { expiresInMs: 600_000 }));
    await lab.world.pass(callControlMsMax);
    expect(await failed).toEqual({ problem: 'expired', nothingDone: true });
    lab.client.connect();
    await lab.world.pass(0);
    lab.world.socket.serve();
    expect(sent(lab)).toEqual([]);
  });

  it('that got no answer settles, and says that nobody knows', async () => {
    const lab = await connectedLab();
    const failed = failure(createCommands(lab.client).command(hangUp));
    await lab.world.pass(callControlMsMax);
    expect(await failed).toEqual({ problem: 'unanswered', nothingDone: false });
  });

  it('goes out again under its key when the connection was lost before the answer', async () => {
    const lab = await connectedLab();
    const done = createCommands(lab.client).command(acknowledge, { key: 'k1' });
    lab.world.socket.drop();
    await lab.world.pass(500);
    lab.world.socket.serve();
    expect(sent(lab).map(({ key, expiresInMs }) => [key, expiresInMs])).toEqual([
      ['k1', 30_000],
      ['k1', 30_000],
    ]);
    answer(lab, { ok: true, result: {} });
    expect(await done).toEqual({});
  });

  it('asked for twice under one key goes out once and answers both', async () => {
    const lab = await connectedLab();
    const { command } = createCommands(lab.client);
    const both = Promise.all([command(hangUp, { key: 'k1' }), command(hangUp, { key: 'k1' })]);
    expect(sent(lab)).toHaveLength(1);
    answer(lab, { ok: true, result: { gone: false } });
    expect(await both).toEqual([{ gone: false }, { gone: false }]);
  });

  it('never goes out in the name of somebody else', async () => {
    const lab = await connectedLab();
    const { command } = createCommands(lab.client);
    lab.world.socket.drop();
    // Bound when it is given: the command is of whoever was signed in last.
    await lab.world.pass(500);
    lab.world.socket.serve({ user: 'ana' });
    lab.world.socket.drop();
    const failed = failure(command(acknowledge));
    await lab.world.pass(30_000);
    lab.world.socket.serve({ user: 'ben' });
    expect(await failed).toEqual({ problem: 'signed_out', nothingDone: true });
    expect(sent(lab)).toEqual([]);
  });

  it('settles when somebody disconnects on purpose', async () => {
    const lab = await connectedLab();
    const failed = failure(createCommands(lab.client).command(hangUp));
    lab.client.disconnect();
    expect(await failed).toEqual({ problem: 'disconnected', nothingDone: false });
  });

  it('does not wait behind more than a hundred', async () => {
    const lab = createLab();
    const { command } = createCommands(lab.client);
    const all = Array.from({ length: waitingMax + 1 }, () => failure(command(hangUp)));
    expect(await all.at(-1)).toEqual({ problem: 'full', nothingDone: true });
    await lab.world.pass(callControlMsMax);
    expect(await Promise.all(all)).toHaveLength(waitingMax + 1);
  });

  it('no more than 8 are under way at once; the others follow the answers', async () => {
    const lab = await connectedLab();
    const { command } = createCommands(lab.client);
    const all = Array.from({ length: 20 }, () => command(acknowledge));
    expect(sent(lab)).toHaveLength(8);
    for (let number = 1; number <= 20; number += 1) {
      lab.world.socket.say({ type: 'result', id: String(number), ok: true, result: {} });
    }
    expect(await Promise.all(all)).toHaveLength(20);
  });
});

describe('what outlives the page', () => {
  it('is what may be done late, in the name of who wanted it, until it has settled', async () => {
    const storage = new MemoryStorage();
    const first = await connectedLab();
    const before = createCommands(first.client, { storage });
    void failure(before.command(hangUp, { key: 'call' }));
    void failure(before.command(acknowledge, { key: 'seen' }));
    expect([...storage.stored.keys()]).toEqual(['seen']);

    // The page is reloaded.
    const second = createLab();
    second.world.wall = first.world.wall + 10_000;
    const settled: unknown[] = [];
    createCommands(second.client, {
      storage,
      onSettled: ({ key, outcome }) => void settled.push([key, outcome]),
    });
    await second.world.pass(0);
    second.client.connect();
    await second.world.pass(0);
    second.world.socket.serve();
    expect(sent(second).map(({ key }) => key)).toEqual(['seen']);
    answer(second, { ok: true, result: {} });
    expect([settled, storage.stored.size]).toEqual([[['seen', {}]], 0]);
  });

  it('is dropped when it is too old, from the future, or of somebody else', async () => {
    const storage = new MemoryStorage();
    const { wall } = createLab().world;
    const stored = (key: string, principal: string, storedAt: number, expiresAt: number) =>
      storage.put({ key, wanted: acknowledge, principal, storedAt, expiresAt });
    await stored('old', 't1/ana', wall - 100, wall - 1);
    await stored('future', 't1/ana', wall + 100_000, wall + 200_000);
    await stored('other', 't1/ben', wall - 1, wall + 100_000);
    await stored('good', 't1/ana', wall - 1, wall + 100_000);
    const lab = createLab();
    createCommands(lab.client, { storage });
    await lab.world.pass(0);
    lab.client.connect();
    await lab.world.pass(0);
    lab.world.socket.serve({ user: 'ana' });
    expect(sent(lab).map(({ key }) => key)).toEqual(['good']);
  });

  it('storage that throws costs nothing but the outliving', async () => {
    const refuse = () => Promise.reject(new Error('private window'));
    const lab = await connectedLab();
    const { command } = createCommands(lab.client, {
      storage: { load: refuse, put: refuse, remove: refuse },
    });
    const done = command(acknowledge);
    await lab.world.pass(0);
    answer(lab, { ok: true, result: {} });
    expect(await done).toEqual({});
  });
});
