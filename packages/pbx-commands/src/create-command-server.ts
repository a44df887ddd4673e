import type { Logger, RedisConnection, RedisConnections } from '@trunkline/service-kit';
import { withDeadline } from '@trunkline/service-kit';
import { Worker, type Job } from 'bullmq';
import * as v from 'valibot';
import { commandQueue, finishedKept } from './command-queue.ts';
import { isCallControl, type Command } from './command.ts';
import { envelopeSchema, type Envelope, type Outcome } from './envelope.ts';
import { redisTime } from './redis-time.ts';

export interface CommandServerOptions {
  readonly redis: Pick<RedisConnections, 'open' | 'close'>;
  readonly prefix: string;
  readonly logger: Logger;
  readonly tuning?: Partial<CommandTuning>;
}

export interface CommandTuning {
  /** Call control that is older is refused: whoever asked has long done something else. */
  readonly callControlMsMax: number;
  /** Commands for one PBX that are carried out at once. */
  readonly parallelMax: number;
  /** How long a stop waits for those under way. */
  readonly stopTimeoutMs: number;
  /** How soon it is seen that a worker died in the midst of a command. */
  readonly stalledLookMs: number;
}

export const COMMAND_TUNING: CommandTuning = {
  callControlMsMax: 5_000,
  parallelMax: 8,
  stopTimeoutMs: 3_000,
  stalledLookMs: 10_000,
};

export interface CommandContext {
  /** Aborts at the command's deadline, and when serving ends. */
  readonly signal: AbortSignal;
}

/** Carries a command out. What it throws is told as `failed`. */
export type CommandHandler = (command: Command, context: CommandContext) => Promise<Outcome>;

export interface CommandServer extends AsyncDisposable {
  /** Takes up commands for a PBX until it is disposed. One PBX is served once at a time. */
  serveCommands(pbx: string, handler: CommandHandler): AsyncDisposable;
}

const redisAnswerMs = 2_000;

/** How long a worker may be silent about a command before it counts as dead; it then fails and is not done again. */
const lockMs = 30_000;

/** The holder's side: one connection for all PBXs, and one blocking connection for each. */
export function createCommandServer(options: CommandServerOptions): CommandServer {
  const { redis, prefix, logger } = options;
  const tuning = { ...COMMAND_TUNING, ...options.tuning };
  const connection = redis.open('bullmq worker');

  return {
    serveCommands(pbx, handler) {
      const stopping = new AbortController();
      const { name, prefix: tagged } = commandQueue(prefix, pbx);
      const work = (job: Job<Envelope>) =>
        carryOut(job, { connection, handler, tuning, stop: stopping.signal });
      const worker = new Worker<Envelope, Outcome>(name, work, {
        connection,
        prefix: tagged,
        skipVersionCheck: true,
        concurrency: tuning.parallelMax,
        lockDuration: lockMs,
        stalledInterval: tuning.stalledLookMs,
        // A command is begun once. What became of it when its worker died nobody knows, so nobody does it again.
        maxStalledCount: 0,
        maxStartedAttempts: 1,
        removeOnComplete: finishedKept,
        removeOnFail: finishedKept,
      });
      worker.on('error', (error) => logger.debug({ err: error, pbx }, 'serving commands is disturbed'));
      worker.on('failed', (job, error) =>
        logger.warn({ err: error, pbx, command: job?.name }, 'a command was not carried out to its end'),
      );
      return { [Symbol.asyncDispose]: () => stopWorker(worker, stopping, tuning.stopTimeoutMs) };
    },
    [Symbol.asyncDispose]: () => redis.close(connection),
  };
}

interface Work {
  readonly connection: RedisConnection;
  readonly handler: CommandHandler;
  readonly tuning: CommandTuning;
  readonly stop: AbortSignal;
}

async function carryOut(job: Job<Envelope>, { connection, handler, tuning, stop }: Work): Promise<Outcome> {
  const { command, sentAt, deadline } = v.parse(envelopeSchema, job.data);
  const now = await redisTime(connection, redisAnswerMs);
  const latest = isCallControl(command) ? Math.min(deadline, sentAt + tuning.callControlMsMax) : deadline;
  if (now >= latest) {
    const message = `the command is ${now - sentAt} ms old and is not carried out any more`;
    return { ok: false, problem: 'too-late', message };
  }
  if (stop.aborted) return { ok: false, problem: 'not-connected', message: 'the link is being given up' };
  const signal = AbortSignal.any([stop, AbortSignal.timeout(Math.max(1, deadline - now))]);
  try {
    return await handler(command, { signal });
  } catch (error) {
    return { ok: false, problem: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

/** Those under way are told to end, then waited for; what still hangs is left to its deadline. Never rejects. */
async function stopWorker(worker: Worker, stopping: AbortController, timeoutMs: number): Promise<void> {
  stopping.abort(new Error('the link is being given up'));
  try {
    await withDeadline(worker.close(), timeoutMs, 'closing the command queue');
  } catch {
    await withDeadline(worker.close(true), timeoutMs, 'closing the command queue by force').catch(
      () => undefined,
    );
  }
}
