import type { Principal } from '@trunkline/access';
import { said } from '@trunkline/database/testing';
import { tenantId } from '@trunkline/domain';
import { pbxIds } from '@trunkline/domain/testing';
import {
  createCommandServer,
  createPbxCommands,
  type Command as PbxCommand,
  type Outcome,
} from '@trunkline/pbx-commands';
import type { Command, Wanted } from '@trunkline/realtime-protocol';
import { createMemoryLogger } from '@trunkline/service-kit/testing';
import { createMetrics } from '@trunkline/service-kit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createPushMetrics } from '../push-metrics.ts';
import type { LabNode } from '../testing/push-lab.ts';
import { one, other, PushLab } from '../testing/push-lab.ts';
import { createCommands } from './carry-out.ts';

vi.setConfig({ testTimeout: 120_000 });

const pbx = pbxIds[0];
const hangUp: Wanted = { kind: 'hang_up', pbx, call: 'a' };
const originate: Wanted = { kind: 'originate', pbx, from: '1001', to: '0301234567' };

let lab: PushLab;
let carryOut: (
  message: Command,
  principal: Principal,
) => ReturnType<ReturnType<typeof createCommands>['carryOut']>;
let node: LabNode;
const closing: (() => unknown)[] = [];

/** What the holder of the link was asked to do. */
const asked: PbxCommand[] = [];
let answer: () => Promise<Outcome> = () => Promise.resolve({ ok: true, result: 'done' });

beforeAll(async () => {
  lab = await PushLab.open();
  const { logger } = createMemoryLogger();
  const { redis, prefix, database, feed } = lab;
  const connection = redis.open('commands');
  await redis.whenReady(connection);
  const pbxCommands = createPbxCommands({ redis, prefix, logger });
  const server = createCommandServer({ redis, prefix, logger });
  const served = server.serveCommands(pbx, (command) => {
    asked.push(command);
    return answer();
  });
  const registry = createMetrics({ app: 'test' });
  const metrics = createPushMetrics(registry);
  carryOut = createCommands({ database, connection, prefix, pbxCommands, feed, metrics, logger }).carryOut;
  closing.push(
    () => served[Symbol.asyncDispose](),
    () => server[Symbol.asyncDispose](),
    () => pbxCommands[Symbol.asyncDispose](),
    () => registry.stop(),
  );
  await lab.commit(said(1, 'call.connected', { call: 'a' }));
  node = await lab.node({ carryOut });
});
afterAll(async () => {
  for (const close of closing) await close();
  await lab[Symbol.asyncDispose]();
});

let keys = 0;
function message(command: Wanted, wishes: Partial<Command> = {}): Command {
  keys += 1;
  return { type: 'command', id: `id ${keys}`, key: `key ${keys}`, expiresInMs: 5_000, command, ...wishes };
}

const principal = (wishes: Partial<Principal> = {}): Principal => ({
  tenant: tenantId(one),
  user: 'ada',
  scopes: new Set(['calls:read', 'calls:control']),
  expiresAt: Date.now() + 60_000,
  issuedAt: Date.now(),
  tokenId: null,
  ...wishes,
});

describe('a command of a client', () => {
  it('[CMD1] is done by whoever holds the link, and answered under its id', async () => {
    asked.length = 0;
    const client = await node.connected();
    client.say(message(hangUp, { id: 'mine' }));
    expect(await client.hears('result')).toEqual({
      type: 'result',
      id: 'mine',
      ok: true,
      result: { gone: false },
    });
    expect(asked).toEqual([{ kind: 'hangUp', call: 'a' }]);
    answer = () => Promise.resolve({ ok: true, result: { call: 'new' } });
    client.say(message(originate, { id: 'next' }));
    expect(await client.hears('result', ({ id }) => id === 'next')).toMatchObject({
      ok: true,
      result: { call: 'new' },
    });
    expect(asked.at(-1)).toMatchObject({ kind: 'originate', from: '1001', to: '0301234567' });
  });

  it('[CMD5] needs the scope, and a PBX and a call of the tenant', async () => {
    asked.length = 0;
    const problems = [
      await carryOut(message(hangUp), principal({ scopes: new Set(['calls:read']) })),
      await carryOut(message(hangUp), principal({ tenant: tenantId(other) })),
      await carryOut(message(originate), principal({ tenant: tenantId(other) })),
      await carryOut(message({ ...hangUp, call: 'none' }), principal()),
      await carryOut(message(hangUp, { expiresInMs: 0 }), principal()),
    ];
    expect(problems.map((each) => (each.ok ? 'done' : [each.problem, each.nothingDone]))).toEqual([
      ['not_allowed', true],
      ['invalid', true],
      ['invalid', true],
      ['invalid', true],
      ['expired', true],
    ]);
    expect(asked).toEqual([]);
  });

  it.each<Wanted>([
    { ...hangUp, call: 'a\u0000' },
    { kind: 'acknowledge', notification: 'a\nb' },
    { ...originate, to: '1002&PJSIP/trunk/0900' },
    { ...originate, from: '1001\r\nAction: Reload' },
    { ...originate, from: 'Local/1001' },
    { ...originate, callerName: 'Ada\r\nVariable: x=y' },
  ])('[CMD5] that could mean something else to a PBX is invalid: %j', async (command) => {
    asked.length = 0;
    expect(await carryOut(message(command), principal())).toMatchObject({
      problem: 'invalid',
      nothingDone: true,
    });
    expect(asked).toEqual([]);
  });

  it('[CMD2] that comes again, at once and later and by other sockets, is done once and answered alike', async () => {
    asked.length = 0;
    answer = async () => ({ ok: true, result: { call: `call ${asked.length}` } });
    const same = message(originate);
    const answers = await Promise.all([1, 2, 3].map(() => carryOut(same, principal())));
    answers.push(await carryOut({ ...same, id: 'another' }, principal()));
    expect(answers).toEqual(answers.map(() => ({ ok: true, result: { call: 'call 1' } })));
    expect(asked).toHaveLength(1);
    const foreign = await carryOut(same, principal({ user: 'bob' }));
    expect([foreign, asked.length]).toEqual([{ ok: true, result: { call: 'call 2' } }, 2]);
    expect(await carryOut({ ...same, command: hangUp }, principal())).toMatchObject({
      problem: 'key_reused',
    });
  });

  it('[CMD4] tells what may have been done', async () => {
    answer = () => Promise.resolve({ ok: false, problem: 'refused', message: 'busy here' });
    expect(await carryOut(message(originate), principal())).toEqual({
      ok: false,
      problem: 'refused',
      message: 'busy here',
      nothingDone: true,
    });
    answer = () => Promise.reject(new Error('the link broke'));
    expect(await carryOut(message(originate), principal())).toMatchObject({
      problem: 'unanswered',
      nothingDone: false,
    });
    const unheld = { ...originate, pbx: pbxIds[1] };
    expect(await carryOut(message(unheld, { expiresInMs: 300 }), principal())).toMatchObject({
      problem: 'unavailable',
      nothingDone: true,
    });
  });

  it('an acknowledgement reaches the other devices of the user, and nobody else', async () => {
    const [phone, desk, stranger] = await Promise.all([
      node.connected(),
      node.connected(),
      node.connected({ sub: 'bob' }),
    ]);
    await desk.subscribe('user:ada');
    await stranger.subscribe('user:bob');
    phone.say(message({ kind: 'acknowledge', notification: 'n1' }));
    expect(await phone.hears('result')).toMatchObject({ ok: true });
    expect((await desk.hears('notification_acknowledged')).rows).toMatchObject([
      { user: 'ada', notification: 'n1' },
    ]);
    expect(stranger.of('notification_acknowledged')).toEqual([]);
  });

  it('more than a connection may have under way are refused', async () => {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    answer = () => promise;
    const client = await node.connected();
    for (let index = 0; index < 17; index += 1) client.say(message(originate, { id: `${index}` }));
    expect(await client.hears('result')).toMatchObject({ id: '16', problem: 'too_many', nothingDone: true });
    resolve({ ok: true, result: { call: null } });
    await client.until(() => client.of('result').length === 17);
  });
});
