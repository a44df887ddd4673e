import { randomUUID } from 'node:crypto';
import { monotonicNow, sleep, withDeadline } from '@trunkline/service-kit';
import type { Logger, RedisConnection, RedisConnections } from '@trunkline/service-kit';
import { Queue, type Job } from 'bullmq';
import * as v from 'valibot';
import { CommandError } from './command-error.ts';
import { commandQueue, finishedKept } from './command-queue.ts';
import { commandSchema, type Command, type ResultOf } from './command.ts';
import { readOutcome, type Envelope } from './envelope.ts';
import { redisTime } from './redis-time.ts';

export interface PbxCommandsOptions {
  readonly redis: Pick<RedisConnections, 'open' | 'whenReady' | 'close'>;
  readonly prefix: string;
  readonly logger: Logger;
}

export interface SendOptions {
  /** The command is not begun after this, and a result is not waited for. */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface PbxCommands extends AsyncDisposable {
  /**
   * Asks whoever holds the link to this PBX. Always settles: with the result, or with a CommandError that says what
   * happened, at the latest a moment after the deadline.
   */
  send<Sent extends Command>(
    pbx: string,
    command: Sent,
    options: SendOptions,
  ): Promise<ResultOf<Sent['kind']>>;
}

/** Queues of PBXs that were asked lately; an idle one costs a few objects and no connection. */
const queuesMax = 200;

/** For any single question to Redis: a command is of no use to anybody when this takes longer. */
const redisAnswerMs = 2_000;

/** How soon and how often the result is looked for: short enough for a click, and few questions for a long wait. */
const lookMsMin = 10;
const lookMsMax = 100;

type CommandJob = Job<Envelope, unknown>;

/**
 * The sender's side. Results are looked for and not waited for by events, since those take a blocking connection for
 * each PBX.
 */
export function createPbxCommands(options: PbxCommandsOptions): PbxCommands {
  const { redis, prefix, logger } = options;
  const connection = redis.open('bullmq producer');
  const queues = new Map<string, Queue<Envelope, unknown>>();

  function queueOf(pbx: string): Queue<Envelope, unknown> {
    const known = queues.get(pbx);
    // The most recently used one goes to the end.
    queues.delete(pbx);
    const queue = known ?? openQueue(connection, prefix, pbx, logger);
    queues.set(pbx, queue);
    const [oldest] = queues.keys();
    if (queues.size > queuesMax && oldest !== undefined) {
      void queues.get(oldest)?.close();
      queues.delete(oldest);
    }
    return queue;
  }

  return {
    async send<Sent extends Command>(pbx: string, command: Sent, { deadlineMs, signal }: SendOptions) {
      const read = v.safeParse(commandSchema, command);
      if (!read.success)
        throw new CommandError('invalid', `the command is not valid: ${read.issues[0].message}`);
      const until = monotonicNow() + deadlineMs;
      const job = await put(redis, connection, queueOf(pbx), { command: read.output, deadlineMs });
      const value = await resultOf(queueOf(pbx), job, until, signal);
      const outcome = readOutcome<Sent['kind']>(command.kind, value);
      if (outcome.ok) return outcome.result;
      throw new CommandError(outcome.problem, outcome.message);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
      await redis.close(connection);
    },
  };
}

function openQueue(
  connection: RedisConnection,
  prefix: string,
  pbx: string,
  logger: Logger,
): Queue<Envelope, unknown> {
  const { name, prefix: tagged } = commandQueue(prefix, pbx);
  const queue = new Queue<Envelope, unknown>(name, {
    connection,
    prefix: tagged,
    skipVersionCheck: true,
    skipWaitingForReady: true,
    skipMetasUpdate: true,
  });
  queue.on('error', (error) => logger.debug({ err: error, pbx }, 'the command queue of a PBX is disturbed'));
  return queue;
}

async function put(
  redis: PbxCommandsOptions['redis'],
  connection: RedisConnection,
  queue: Queue<Envelope, unknown>,
  { command, deadlineMs }: { readonly command: Command; readonly deadlineMs: number },
): Promise<string> {
  const jobId = randomUUID();
  try {
    if (connection.status !== 'ready') await redis.whenReady(connection, redisAnswerMs);
    const sentAt = await redisTime(connection, redisAnswerMs);
    const envelope: Envelope = { command, sentAt, deadline: sentAt + deadlineMs };
    const adding = queue.add(command.kind, envelope, {
      jobId,
      attempts: 1,
      removeOnComplete: finishedKept,
      removeOnFail: finishedKept,
    });
    await withDeadline(adding, redisAnswerMs, 'queueing the command');
    return jobId;
  } catch (error) {
    // Its answer may have been lost after it was queued; it carries its deadline, so it is not begun later than that.
    void queue.remove(jobId).catch(() => undefined);
    throw new CommandError('queue', `the command could not be queued: ${messageOf(error)}`, { cause: error });
  }
}

async function resultOf(
  queue: Queue<Envelope, unknown>,
  jobId: string,
  until: number,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  let lookMs = lookMsMin;
  let seen: CommandJob | undefined;
  const goesOn = (): boolean => monotonicNow() < until && signal?.aborted !== true;
  while (goesOn()) {
    await sleep(Math.min(lookMs, Math.max(0, until - monotonicNow())), signal).catch(() => undefined);
    lookMs = Math.min(lookMsMax, lookMs * 1.5);
    // A question that fails is asked again: the result may well be there when Redis is back.
    seen = (await look(queue, jobId)) ?? seen;
    if (seen?.finishedOn !== undefined) return returnValueOf(seen);
  }
  throw await withdraw(queue, jobId, seen, signal);
}

async function look(queue: Queue<Envelope, unknown>, jobId: string): Promise<CommandJob | undefined> {
  return withDeadline(queue.getJob(jobId), redisAnswerMs, 'looking for the result').catch(() => undefined);
}

function returnValueOf(job: CommandJob): unknown {
  if (job.failedReason === undefined || job.failedReason === '') return job.returnvalue;
  throw new CommandError(
    'unanswered',
    `whoever held the link to the PBX stopped while it carried the command out (${job.failedReason}); it may have been done or not`,
  );
}

/** What nobody has taken up yet is taken back; what is being carried out can't be. */
async function withdraw(
  queue: Queue<Envelope, unknown>,
  jobId: string,
  seen: CommandJob | undefined,
  signal: AbortSignal | undefined,
): Promise<CommandError> {
  const removed = await withDeadline(queue.remove(jobId), redisAnswerMs, 'withdrawing the command').catch(
    () => 0,
  );
  const untouched = removed === 1 && seen?.processedOn === undefined;
  if (signal?.aborted === true) {
    const done = untouched ? 'nothing was done' : 'it may have been done or not';
    return new CommandError('aborted', `the caller gave up; ${done}`, { cause: signal.reason });
  }
  return untouched
    ? new CommandError(
        'nobody',
        'no connector holds the link to this PBX just now, so nobody took the command up; nothing was done',
      )
    : new CommandError('unanswered', 'there was no result in time; it may have been done or not');
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
