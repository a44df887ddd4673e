import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connectedLab, following } from '../testing/connected-client.ts';
import { FakeWorld } from '../testing/fake-world.ts';
import { storeOf } from './store-of.ts';
import { createStore } from './store.ts';
import { selectRows } from './select.ts';

const call = (name: string, revision: number, status = 'ringing', more: object = {}) => ({
  pbx: 'p1',
  call: name,
  status,
  revision,
  extensions: ['1001'],
  ...more,
});
const extension = (number: string, revision: number, status = 'online') => ({
  pbx: 'p1',
  extension: number,
  status,
  revision,
});

function createLab() {
  const world = new FakeWorld();
  return { world, store: createStore(world.environment) };
}

describe('rows', () => {
  it('end up the same in whatever order and however often they come', () => {
    const told = fc.record({
      name: fc.constantFrom('a', 'b', 'c'),
      revision: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(
        fc.array(told, { minLength: 1, maxLength: 30 }),
        fc.infiniteStream(fc.nat()),
        (rows, order) => {
          const read = (some: typeof rows) => {
            const { store } = createLab();
            for (const { name, revision } of some) store.merge('calls', 'call_update', call(name, revision));
            store.flush();
            return [...store.list('call')].sort((a, b) => (a.call < b.call ? -1 : 1));
          };
          const shuffled = [...rows, ...rows.slice(0, 5)]
            .map((row) => ({ row, place: order.next().value ?? 0 }))
            .sort((a, b) => a.place - b.place)
            .map(({ row }) => row);
          expect(read(shuffled)).toEqual(read(rows));
        },
      ),
    );
  });

  it('are shown all at once, a frame after they came', async () => {
    const { world, store } = createLab();
    let woken = 0;
    store.subscribe('call', () => void (woken += 1));
    for (let revision = 1; revision <= 500; revision += 1)
      store.merge('calls', 'call_update', call('a', revision));
    expect([store.list('call'), woken]).toEqual([[], 0]);
    await world.pass(16);
    expect([store.get('call', 'p1/a'), woken]).toEqual([call('a', 500), 1]);
  });

  it('wake only those who look at them', async () => {
    const { world, store } = createLab();
    const woken: string[] = [];
    store.subscribe('extension', () => void woken.push('1001'), 'p1/1001');
    const stop = store.subscribe('extension', () => void woken.push('1002'), 'p1/1002');
    store.merge('extensions', 'extension_update', extension('1002', 1));
    await world.pass(16);
    stop();
    store.merge('extensions', 'extension_update', extension('1002', 2));
    await world.pass(16);
    expect(woken).toEqual(['1002']);
  });

  it('keep what is told in snapshots only', () => {
    const { store } = createLab();
    store.replace('pbx', { link_update: [{ pbx: 'p1', revision: 1, open: true, name: 'Porto' }] }, false);
    store.merge('pbx', 'link_update', { pbx: 'p1', revision: 2, open: false });
    expect(store.latest('link', 'p1')).toEqual({ pbx: 'p1', revision: 2, open: false, name: 'Porto' });
  });

  it('of links are ordered by versions as numbers; the one that was cleaned up after counts', () => {
    const { store } = createLab();
    const lost = (version: string, cleanup: object | null) => ({ pbx: 'p1', version, cleanup });
    const tell = (version: string, cleanup: object | null = null) =>
      store.merge('pbx', 'pbx-disconnected', lost(version, cleanup));
    expect([tell('9'), tell('10'), tell('9'), tell('10', {}), tell('10')]).toEqual([
      true,
      true,
      false,
      true,
      false,
    ]);
  });

  it('are counted by status as they change', async () => {
    const { world, store } = createLab();
    for (const number of ['1', '2', '3']) store.merge('extensions', 'extension_update', extension(number, 1));
    store.merge('extensions', 'extension_update', extension('1', 2, 'busy'));
    await world.pass(16);
    const tally = store.tally('extension');
    expect(tally).toEqual({ online: 2, busy: 1 });
    expect(store.tally('extension')).toBe(tally);
    store.replace('extensions', { extension_update: [extension('3', 5, 'busy')] }, false);
    await world.pass(16);
    expect(store.tally('extension')).toEqual({ busy: 1 });
  });

  it('that a flush has changed are named', async () => {
    const { world, store } = createLab();
    const told: (readonly string[])[] = [];
    store.subscribe('extension', () => void told.push(store.changed('extension')));
    store.merge('extensions', 'extension_update', extension('1', 1));
    store.merge('extensions', 'extension_update', extension('2', 1));
    await world.pass(16);
    store.merge('extensions', 'extension_update', extension('1', 2, 'ringing'));
    store.merge('calls', 'new_call', call('a', 1));
    await world.pass(16);
    store.replace('extensions', { extension_update: [extension('1', 4, 'busy')] }, false);
    await world.pass(16);
    expect(told).toEqual([['p1/1', 'p1/2'], ['p1/1'], ['p1/1', 'p1/2']]);
    expect(store.changed('call')).toEqual(['p1/a']);
  });

  it('that there are ever more of are bounded: the oldest leave', async () => {
    const { world, store } = createLab();
    for (let number = 0; number < 700; number += 1) {
      store.merge('recordings', 'new_recording', { pbx: 'p1', recording: String(number), revision: 1 });
      if (number % 10 === 0) await world.pass(16);
    }
    await world.pass(16);
    expect(store.list('recording').length).toBeLessThanOrEqual(510);
    expect(store.get('recording', 'p1/699')).toBeDefined();
  });
});

describe('an ended call', () => {
  it('stays for 5 s, then leaves, and no late word brings it back', async () => {
    const { world, store } = createLab();
    store.merge('calls', 'new_call', call('a', 1));
    store.merge('calls', 'call_update', call('a', 3, 'ended'));
    await world.pass(4_000);
    expect(store.list('call')).toHaveLength(1);
    await world.pass(1_100);
    expect(store.list('call')).toHaveLength(0);
    expect(store.merge('calls', 'call_update', call('a', 2))).toBe(false);
    await world.pass(16);
    expect(store.list('call')).toHaveLength(0);
  });

  it('that is open again after all stays', async () => {
    const { world, store } = createLab();
    store.merge('calls', 'new_call', call('a', 1));
    store.merge('calls', 'call_update', call('a', 2, 'ended'));
    await world.pass(1_000);
    store.merge('calls', 'call_update', call('a', 3, 'connected'));
    await world.pass(60_000);
    expect(store.list('call')).toEqual([call('a', 3, 'connected')]);
    store.merge('calls', 'call_update', call('a', 4, 'ended'));
    await world.pass(6_000);
    store.merge('calls', 'call_update', call('a', 5, 'connected'));
    await world.pass(16);
    expect(store.list('call')).toEqual([call('a', 5, 'connected')]);
  });

  it('that nobody saw is news, and nothing to show', async () => {
    const { world, store } = createLab();
    expect(store.merge('calls', 'call_update', call('a', 9, 'ended'))).toBe(true);
    await world.pass(16);
    expect(store.list('call')).toEqual([]);
  });

  it('leaves nothing behind that grows', async () => {
    const { world, store } = createLab();
    for (let number = 0; number < 8_000; number += 1) {
      store.merge('calls', 'new_call', call(`c${number}`, 1));
      store.merge('calls', 'call_update', call(`c${number}`, 2, 'ended'));
      if (number % 100 === 0) await world.pass(1_000);
    }
    await world.pass(10_000);
    expect([store.list('call').length, world.timers]).toEqual([0, 0]);
  });
});

describe('a snapshot', () => {
  it('replaces what its topic told, and leaves what another tells', async () => {
    const { world, store } = createLab();
    store.replace('calls', { call_update: [call('a', 1), call('b', 1)] }, false);
    store.replace('calls:1001', { call_update: [call('b', 1), call('c', 1)] }, false);
    store.replace('calls', { call_update: [call('a', 1)] }, false);
    await world.pass(16);
    expect(
      store
        .list('call')
        .map(({ call }) => call)
        .sort(),
    ).toEqual(['a', 'b', 'c']);
    store.forget('calls:1001');
    await world.pass(16);
    expect(store.list('call').map(({ call }) => call)).toEqual(['a']);
  });

  it('does not take back what is known better, unless the feed is another one', async () => {
    const { store } = createLab();
    store.merge('calls', 'call_update', call('a', 5));
    store.replace('calls', { call_update: [call('a', 4)] }, false);
    expect(store.latest('call', 'p1/a')).toEqual(call('a', 5));
    store.replace('calls', { call_update: [call('a', 2)] }, true);
    expect(store.latest('call', 'p1/a')).toEqual(call('a', 2));
  });
});

it('[TOPIC4] a call leaves the calls of a phone with the phone', async () => {
  const { world, store } = createLab();
  store.merge('calls:1001', 'new_call', call('a', 1));
  await world.pass(16);
  store.merge('calls:1001', 'call_update', call('a', 2, 'connected', { extensions: ['1002'] }));
  await world.pass(16);
  expect(store.list('call')).toEqual([]);
});

it('a selection is the same array until one of its rows changes, also where the filter is written anew each time', async () => {
  const { world, store } = createLab();
  const calls = selectRows(store, 'call');
  const ringing = () => calls.read(({ status }) => status === 'ringing');
  store.merge('calls', 'new_call', call('a', 1));
  store.merge('calls', 'new_call', call('b', 1, 'connected'));
  await world.pass(16);
  const before = ringing();
  expect(before).toEqual([call('a', 1)]);
  store.merge('calls', 'call_update', call('b', 2, 'held'));
  await world.pass(16);
  expect(ringing()).toBe(before);
  store.merge('calls', 'call_update', call('a', 2, 'connected'));
  await world.pass(16);
  expect(ringing()).toEqual([]);
  expect(calls.read()).toHaveLength(2);
});

describe('the store of a client', () => {
  it('keeps what the client hears, and is one', async () => {
    const lab = await connectedLab();
    const store = storeOf(lab.client);
    expect(storeOf(lab.client)).toBe(store);
    await following(lab, 'calls', { call_update: [call('a', 1)] });
    lab.world.socket.say({ type: 'new_call', topic: 'calls', offset: '11-0', rows: [call('b', 1)] });
    await lab.world.pass(16);
    expect(store.list('call').map(({ call }) => call)).toEqual(['a', 'b']);
  });

  it('with calls and phones also hears of lost PBXs', async () => {
    const { world, client, socket } = await connectedLab();
    const stop = storeOf(client).watch('calls');
    await world.pass(10);
    expect(socket.sentOf('subscribe')).toEqual([
      { type: 'subscribe', topics: [{ topic: 'calls' }, { topic: 'pbx' }] },
    ]);
    stop();
    await world.pass(5_000);
    expect(socket.sentOf('unsubscribe').flatMap(({ topics }) => topics)).toEqual(['calls', 'pbx']);
  });

  it('forgets the rows of a topic that nobody watches any more', async () => {
    const lab = await connectedLab();
    const store = storeOf(lab.client);
    const stop = await following(lab, 'calls', { call_update: [call('a', 1)] });
    await lab.world.pass(16);
    expect(store.list('call')).toHaveLength(1);
    stop();
    await lab.world.pass(2_000);
    expect(store.list('call')).toHaveLength(0);
  });
});

describe('call-state:reset', () => {
  const lost = (version: string, cleanup: object | null = null) => ({
    type: 'pbx-disconnected',
    topic: 'pbx',
    offset: `${version}-${cleanup === null ? 0 : 1}`,
    rows: [{ pbx: 'p1', version, since: '', cause: 'pbx_disconnected', reason: '', cleanup, graceMs: null }],
  });
  const link = (offset: string, revision: number, open: boolean) => ({
    type: 'link_update',
    topic: 'pbx',
    offset,
    rows: [{ pbx: 'p1', revision, open, state: open ? 'live' : 'waiting' }],
  });

  async function lab() {
    const made = await connectedLab();
    const resets: object[] = [];
    storeOf(made.client);
    made.client.on('call-state:reset', (reset) => void resets.push(reset));
    await following(made, 'pbx', { link_update: [{ pbx: 'p1', revision: 1, open: true }] });
    return { ...made, resets };
  }

  it('is told once for each time that a PBX is lost', async () => {
    const { world, resets } = await lab();
    world.socket.say(lost('20'));
    world.socket.say(link('20-1', 2, false));
    world.socket.say(lost('21', {}));
    expect(resets).toEqual([{ pbx: 'p1', reason: 'pbx-disconnected', cause: 'pbx_disconnected' }]);
    world.socket.say(link('30-0', 3, true));
    world.socket.say(link('31-0', 4, false));
    expect(resets).toHaveLength(2);
  });

  it('is told with another reason when the own connection is lost, and not when it is moved', async () => {
    const { world, resets, socket } = await lab();
    socket.say({ type: 'moving', afterMs: 0, closeInMs: 9_000 });
    await world.pass(0);
    world.socket.serve();
    expect(resets).toEqual([]);
    world.socket.drop();
    expect(resets).toEqual([{ pbx: null, reason: 'connection-lost' }]);
  });

  it('is told when a PBX was lost while nobody could hear it', async () => {
    const made = await lab();
    made.world.socket.drop();
    await made.world.pass(1_000);
    const next = made.world.socket.serve();
    next.say({ type: 'reset', topic: 'pbx', epoch: 'e2', offset: '1-0', reason: 'lost', resumable: false });
    const rows = { link_update: [{ pbx: 'p1', revision: 7, open: false }] };
    next.say({ type: 'snapshot', topic: 'pbx', part: 0, last: true, rows });
    expect(made.resets).toEqual([
      { pbx: null, reason: 'connection-lost' },
      { pbx: 'p1', reason: 'pbx-disconnected' },
    ]);
  });

  it('is not told of a PBX that was down before anybody looked', async () => {
    const made = await connectedLab();
    const resets: object[] = [];
    storeOf(made.client);
    made.client.on('call-state:reset', (reset) => void resets.push(reset));
    await following(made, 'pbx', { link_update: [{ pbx: 'p1', revision: 1, open: false }] });
    expect(resets).toEqual([]);
  });
});
