import { randomUUID } from 'node:crypto';
import { testRedisUrl, uniquePrefix } from '@trunkline/backing-services/testing';
import { createLogger, createRedisConnections } from '@trunkline/service-kit';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import {
  CommandError,
  commandQueue,
  createCommandServer,
  createPbxCommands,
  type Command,
  type CommandHandler,
  type CommandTuning,
} from './index.ts';

const logger = createLogger({ name: 'test', level: 'silent', redactPhoneNumbers: false });

/** A sender and whoever holds links, in a world of their own. */
async function world(tuning: Partial<CommandTuning> = {}) {
  const stack = new AsyncDisposableStack();
  const redis = createRedisConnections({ url: testRedisUrl(), logger, name: 'test' });
  stack.defer(() => redis.closeAll());
  const prefix = uniquePrefix('commands');
  const commands = stack.use(createPbxCommands({ redis, prefix, logger }));
  const server = stack.use(createCommandServer({ redis, prefix, logger, tuning }));
  const pbx = randomUUID();
  const serve = (handler: CommandHandler) => stack.use(server.serveCommands(pbx, handler));
  const address = commandQueue(prefix, pbx);
  const connection = redis.open('bullmq producer');
  await redis.whenReady(connection);
  const queue = new Queue(address.name, { connection, prefix: address.prefix });
  return {
    commands,
    pbx,
    serve,
    queue,
    connection: connection as Redis,
    redis,
    send: <Sent extends Command>(command: Sent, deadlineMs = 5_000, signal?: AbortSignal) =>
      commands.send(pbx, command, { deadlineMs, signal }),
    [Symbol.asyncDispose]: async () => {
      await queue.obliterate({ force: true });
      await queue.close();
      await stack.disposeAsync();
    },
  };
}

const dial = { kind: 'originate', from: '1001', to: '+4930123456', id: 'wish-1' } as const;
const problemOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: unknown) => (error instanceof CommandError ? error.problem : String(error)),
  );

describe('a command', () => {
  it('reaches whoever serves its PBX, and its result comes back', async () => {
    await using lab = await world();
    const heard: Command[] = [];
    lab.serve(async (command) => {
      heard.push(command);
      if (command.kind === 'isAlive') return { ok: true, result: 'gone' };
      if (command.kind === 'originate') return { ok: true, result: { call: 'call-1' } };
      if (command.kind === 'hangUp') return { ok: true, result: 'done' };
      return { ok: true, result: { calls: 2, extensions: null } };
    });
    expect(await lab.send({ kind: 'isAlive', call: 'c' })).toBe('gone');
    expect(await lab.send(dial)).toEqual({ call: 'call-1' });
    expect(await lab.send({ kind: 'hangUp', call: 'c' })).toBe('done');
    expect(await lab.send({ kind: 'snapshot' })).toEqual({ calls: 2, extensions: null });
    expect(heard).toEqual([
      { kind: 'isAlive', call: 'c' },
      dial,
      { kind: 'hangUp', call: 'c' },
      { kind: 'snapshot' },
    ]);
  });

  it.each([
    [{ ok: false, problem: 'refused', message: 'no such extension' }, 'refused'],
    [{ ok: false, problem: 'not-connected', message: 'the link is blocked' }, 'not-connected'],
    [{ ok: true, result: { unexpected: true } }, 'failed'],
  ] as const)('that is answered with %j fails as %s', async (outcome, problem) => {
    await using lab = await world();
    lab.serve(() => Promise.resolve(outcome as never));
    expect(await problemOf(lab.send({ kind: 'isAlive', call: 'c' }))).toBe(problem);
  });

  it('whose handler breaks says so', async () => {
    await using lab = await world();
    lab.serve(() => Promise.reject(new Error('the socket closed')));
    await expect(lab.send(dial)).rejects.toThrow('the socket closed');
  });

  it('that makes no sense is not sent', async () => {
    await using lab = await world();
    for (const command of [
      { kind: 'hangUp', call: '' },
      { ...dial, to: '' },
      { ...dial, to: '1002&PJSIP/trunk/0900' },
      { ...dial, from: '1001\r\nAction: Reload' },
      { ...dial, callerName: 'Ada\nX: y' },
    ] as const)
      expect(await problemOf(lab.send(command))).toBe('invalid');
  });
});

describe('a command that nobody carries out', () => {
  it('is withdrawn at its deadline, and nothing is left behind', async () => {
    await using lab = await world();
    expect(await problemOf(lab.send(dial, 150))).toBe('nobody');
    expect(await lab.queue.getJobCounts()).toMatchObject({ waiting: 0, active: 0, failed: 0 });
  });

  it('is withdrawn when the caller gives up', async () => {
    await using lab = await world();
    const caller = new AbortController();
    const sent = problemOf(lab.send(dial, 60_000, caller.signal));
    setTimeout(() => caller.abort(new Error('the caller hung up')), 50);
    expect(await sent).toBe('aborted');
    expect(await lab.queue.getJobCounts()).toMatchObject({ waiting: 0 });
  });

  it('settles when the PBX does not answer in time, and its handler is told', async () => {
    await using lab = await world();
    const told = Promise.withResolvers<void>();
    lab.serve((_command, { signal }) => {
      signal.addEventListener('abort', () => told.resolve());
      return told.promise.then(() => ({ ok: false, problem: 'failed', message: 'aborted' }));
    });
    expect(['unanswered', 'failed']).toContain(await problemOf(lab.send(dial, 300)));
    await told.promise;
  });

  it('settles when Redis is away', async () => {
    await using lab = await world();
    await lab.redis.closeAll();
    expect(await problemOf(lab.send(dial, 100))).toBe('queue');
    // What follows needs Redis again only to clean up, which the test's own prefix makes unnecessary.
    lab.queue.obliterate = () => Promise.resolve();
  });
});

describe('call control', () => {
  it('that waited too long is refused, and a question is not', async () => {
    await using lab = await world({ callControlMsMax: 100 });
    const dialled = problemOf(lab.send(dial));
    const asked = lab.send({ kind: 'isAlive', call: 'c' });
    await new Promise((resolve) => setTimeout(resolve, 200));
    const carriedOut: string[] = [];
    lab.serve(async (command) => {
      carriedOut.push(command.kind);
      return { ok: true, result: 'alive' };
    });
    expect(await dialled).toBe('too-late');
    expect(await asked).toBe('alive');
    expect(carriedOut).toEqual(['isAlive']);
  });

  it('whose worker died in the midst of it is not begun again, and its sender hears of it', async () => {
    await using lab = await world({ stalledLookMs: 100, stopTimeoutMs: 100 });
    let begun = 0;
    const begin = (): Promise<never> => {
      begun += 1;
      return new Promise<never>(() => undefined);
    };
    lab.serve(begin);
    const sent = lab.send(dial, 20_000);
    await expect.poll(() => begun).toBe(1);
    // As after a SIGKILL: the job is left active and its lock runs out.
    await lab.connection.del(...(await lab.connection.keys(`*${lab.pbx}*:lock`)));
    lab.serve(begin);
    await expect(sent).rejects.toThrow(/stopped while it carried the command out .*stalled/);
    expect(begun).toBe(1);
  });
});

describe('the end of serving', () => {
  it('tells those under way and waits for them', async () => {
    await using lab = await world();
    const begun = Promise.withResolvers<void>();
    const served = lab.serve(async (_command, { signal }) => {
      begun.resolve();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return { ok: false, problem: 'not-connected', message: 'the link was given up' };
    });
    const sent = problemOf(lab.send(dial));
    await begun.promise;
    await served[Symbol.asyncDispose]();
    expect(await sent).toBe('not-connected');
  });
});
