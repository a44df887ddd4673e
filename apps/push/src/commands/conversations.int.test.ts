import { tenantId } from '@trunkline/domain';
import { personalPrefix, type SendMessage } from '@trunkline/realtime-protocol';
import { createMetrics } from '@trunkline/service-kit';
import { createMemoryLogger } from '@trunkline/service-kit/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createPushMetrics } from '../push-metrics.ts';
import type { TestClient } from '../testing/test-client.ts';
import { one, other, PushLab, type LabNode } from '../testing/push-lab.ts';
import { createCommands } from './carry-out.ts';

vi.setConfig({ testTimeout: 120_000 });

let lab: PushLab;
let nodes: [LabNode, LabNode];
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  lab = await PushLab.open();
  const { logger } = createMemoryLogger();
  const { redis, prefix, database, feed } = lab;
  const connection = redis.open('commands');
  await redis.whenReady(connection);
  const start = () => {
    const registry = createMetrics({ app: 'test' });
    closing.push(() => registry.stop());
    const pbxCommands = { send: () => Promise.reject(new Error('there is no PBX here')) };
    const metrics = createPushMetrics(registry);
    const { carryOut } = createCommands({ database, connection, prefix, pbxCommands, feed, metrics, logger });
    return lab.node({ carryOut });
  };
  nodes = [await start(), await start()];
});
afterAll(async () => {
  for (const close of closing) await close();
  await lab[Symbol.asyncDispose]();
});

let sent = 0;
async function send(client: TestClient, wishes: Partial<SendMessage>, wire: { readonly key?: string } = {}) {
  sent += 1;
  const id = `c${sent}`;
  const command = { kind: 'send_message', conversation: 'a', message: id, text: 'Hello', ...wishes } as const;
  client.say({ type: 'command', id, key: id, expiresInMs: 30_000, command, ...wire });
  const result = await client.hears('result', (one) => one.id === id);
  return result.ok ? result.result : [result.problem, result.nothingDone];
}
const textsOf = (client: TestClient) =>
  client.of('chat_message').flatMap(({ rows }) => rows.map(({ text }) => text));

describe('[CMD6] a message into a conversation', () => {
  it('reaches everybody who follows it on any node, and comes with the snapshot from then on', async () => {
    const [ada, bob] = [
      await nodes[0].connected(),
      await nodes[1].connected({ sub: 'bob', roles: ['agent'] }),
    ];
    await Promise.all([ada, bob].map((client) => client.subscribe('conversation:a')));
    expect(await send(ada, { text: 'one' })).toEqual({ number: 1 });
    expect(await send(bob, { text: 'two\nlines' })).toEqual({ number: 2 });
    for (const client of [ada, bob]) {
      await client.until(() => textsOf(client).length === 2);
      expect(textsOf(client)).toEqual(['one', 'two\nlines']);
    }
    // A snapshot is shared for a moment, so the first ones may be older than the messages and be followed by them.
    const snapshotNow = async () => {
      const late = await nodes[0].connected({ sub: 'cyd' });
      await late.subscribe('conversation:a');
      return late.of('snapshot')[0]?.rows.chat_message;
    };
    await expect.poll(snapshotNow, { timeout: 10_000, interval: 300 }).toMatchObject([
      { conversation: 'a', number: 1, author: 'ada', text: 'one' },
      { conversation: 'a', number: 2, author: 'bob', text: 'two\nlines' },
    ]);
  });

  it('that comes again, by whichever node and key, is stored once and told once', async () => {
    const conversation = 'again';
    const [first, second] = [await nodes[0].connected(), await nodes[1].connected()];
    await second.subscribe(`conversation:${conversation}`);
    const same = { conversation, message: 'm1', text: 'once' };
    const both = await Promise.all([send(first, same), send(second, same)]);
    expect([...both, await send(second, same, { key: 'another' })]).toEqual([
      { number: 1 },
      { number: 1 },
      { number: 1 },
    ]);
    expect(await send(first, { ...same, text: 'another' })).toEqual(['key_reused', true]);
    expect(await send(first, { conversation, text: 'last' })).toEqual({ number: 2 });
    await second.until(() => textsOf(second).includes('last'));
    expect(textsOf(second)).toEqual(['once', 'last']);
  });

  it('[TOPIC7] into what is somebody else’s alone, or another tenant’s, is refused or stays there', async () => {
    const mine = `${personalPrefix('ada')}notes`;
    const [ada, eve, foreign] = [
      await nodes[0].connected(),
      await nodes[1].connected({ sub: 'eve', roles: ['operator'] }),
      await nodes[1].connected({ tenant: other }),
    ];
    await ada.subscribe(`conversation:${mine}`);
    eve.say({ type: 'subscribe', topics: [{ topic: `conversation:${mine}` }] });
    expect(await eve.hears('error')).toMatchObject({ kind: 'not_allowed', topic: `conversation:${mine}` });
    await foreign.subscribe(`conversation:${mine}`, 'conversation:a');
    expect(await send(eve, { conversation: mine })).toEqual(['not_allowed', true]);
    expect(await send(foreign, { conversation: mine, text: 'of the other tenant' })).toEqual({ number: 1 });
    expect(await send(ada, { conversation: mine, text: 'mine' })).toEqual({ number: 1 });
    await ada.until(() => textsOf(ada).length > 0);
    await foreign.until(() => textsOf(foreign).length > 0);
    expect([textsOf(ada), textsOf(foreign), textsOf(eve)]).toEqual([['mine'], ['of the other tenant'], []]);
    const owners = await lab.database.run((transaction) =>
      transaction.query('select owner from conversation where tenant_id = $1 and id = $2', [
        tenantId(one),
        mine,
      ]),
    );
    expect(owners).toEqual([{ owner: 'ada' }]);
  });

  it('needs its scope, is text within its bounds, and comes no faster than somebody types', async () => {
    const reader = await nodes[0].connected({ sub: 'rea', roles: undefined, scope: 'calls:read' });
    expect(await send(reader, {})).toEqual(['not_allowed', true]);
    const client = await nodes[0].connected({ sub: 'fast' });
    const conversation = 'bounds';
    for (const text of ['a\u0000b', 'a\u001fb', 'a\ud800', ' \n ']) {
      expect(await send(client, { conversation, text })).toEqual(['invalid', true]);
    }
    expect(await send(client, { conversation: 'a\nb' })).toEqual(['invalid', true]);
    expect(await send(client, { conversation, text: 'é'.repeat(4_000) })).toEqual({ number: 1 });
    const flood = await Promise.all(Array.from({ length: 14 }, () => send(client, { conversation })));
    const more = await Promise.all(Array.from({ length: 14 }, () => send(client, { conversation })));
    expect([...flood, ...more]).toContainEqual(['too_many', true]);
    const [stored] = await lab.database.run((transaction) =>
      transaction.query<{ count: number }>(
        `select count(*)::integer as count from conversation_message where conversation_id = 'bounds'`,
      ),
    );
    expect(stored?.count).toBe([...flood, ...more].filter((each) => !Array.isArray(each)).length + 1);
    const tooLong = await nodes[0].connected({ sub: 'long' });
    tooLong.say({
      type: 'command',
      id: '1',
      key: '1',
      expiresInMs: 1_000,
      command: { kind: 'send_message', conversation, message: '1', text: 'a'.repeat(4_001) },
    });
    expect((await tooLong.ending()).code).toBe(4400);
  });
});
