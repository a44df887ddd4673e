import {
  claimTask,
  finishTask,
  maintainAudit,
  OutboxRelay,
  pruneFloors,
  pruneRecords,
  pruneOperatorActions,
  type Database,
  type Deliver,
  type RecordsKept,
} from '@trunkline/database';
import { createTrimmer, pruneProgress, type Trimmer } from '@trunkline/event-stream';
import { ingestGroupNames, wishSnapshots } from '@trunkline/ingest';
import {
  describeError,
  type Logger,
  type Metrics,
  type RedisConnections,
  type Settings,
} from '@trunkline/service-kit';
import { housekeepingCatalogue } from './metrics-catalogue.ts';
import type { cleanupSettings } from './settings.ts';

/** Something that is done now and then for the whole installation, by whichever replica comes first. */
export interface Task {
  readonly name: string;
  readonly everyMs: number;
  /** Where two minutes are too long to be without it: after so long whoever claimed it is taken for dead. */
  readonly budgetMs?: number;
  /** Returns how much there was to do. */
  run(): Promise<number>;
}

export interface HousekeepingOptions {
  readonly settings: Pick<Settings<typeof cleanupSettings>, 'stores' | 'housekeeping'>;
  readonly database: Database;
  readonly redis: RedisConnections;
  readonly deliver: Deliver;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Names this replica in the claims. */
  readonly replica: string;
}

export interface Housekeeping {
  readonly tasks: readonly Task[];
  /** Does a task if it is due and nobody else is at it. */
  attend(task: Task): Promise<void>;
  stop(): Promise<void>;
}

/** Whoever has claimed a task and not finished it by then is taken for dead. Each task ends long before. */
const taskBudgetMs = 120_000;

/**
 * Screens wait for what a crash left behind, and the janitor may be what crashed. It passes over what another one has in
 * hand, so two of them at once do no harm.
 */
const relayBudgetMs = 5_000;

/** The janitor goes on while there is more, up to so many rounds; then the next claim goes on. */
const relayRoundsMax = 100;

export function createHousekeeping(options: HousekeepingOptions): Housekeeping {
  const { database, logger, metrics, replica } = options;
  const measured = metrics.make(housekeepingCatalogue);
  const trimmer = trimmerOf(options);

  async function attend(attended: Task): Promise<void> {
    const { name: task, everyMs, budgetMs = taskBudgetMs } = attended;
    const claim = { task, by: replica, everyMs, budgetMs };
    if (!(await database.run((transaction) => claimTask(transaction, claim)))) return;
    const startedAt = performance.now();
    let problem: string | null = null;
    try {
      const done = await attended.run();
      measured.done.inc({ task }, done);
      measured.success.set({ task }, Date.now() / 1000);
      if (done > 0) logger.debug({ task, done }, 'kept house');
    } catch (error) {
      problem = describeError(error).message;
      logger.warn({ err: error, task }, 'housekeeping failed, trying again when it is due');
    }
    measured.runs.inc({ task, outcome: problem === null ? 'done' : 'failed' });
    measured.seconds.observe({ task }, (performance.now() - startedAt) / 1000);
    await database.run((transaction) => finishTask(transaction, claim, problem));
  }

  return { tasks: tasksOf(options, trimmer), attend, stop: () => trimmer.stop() };
}

function trimmerOf({ settings, database, redis, logger, metrics }: HousekeepingOptions): Trimmer {
  const { prefix, shards } = settings.stores;
  return createTrimmer({
    groups: ingestGroupNames,
    prefix,
    shards,
    transactions: database,
    redis,
    logger,
    metrics,
    resync: wishSnapshots,
    streamEntriesMax: settings.housekeeping.streamEntriesMax,
  });
}

function tasksOf({ settings, database, deliver }: HousekeepingOptions, trimmer: Trimmer): Task[] {
  const set = settings.housekeeping;
  const relay = new OutboxRelay(database, deliver);
  return [
    { name: 'trim', everyMs: set.trimEveryMs, run: async () => (await trimmer.trim()).trimmed },
    {
      name: 'relay',
      everyMs: set.relayEveryMs,
      budgetMs: relayBudgetMs,
      run: () => relayAll(relay, set.relayAfterMs),
    },
    { name: 'floors', everyMs: set.floorsEveryMs, run: () => pruneFloors(database, set.floorsKeptMs) },
    { name: 'progress', everyMs: set.progressEveryMs, run: () => pruneAllProgress(database) },
    { name: 'records', everyMs: set.recordsEveryMs, run: () => pruneRecords(database, recordsKept(set)) },
    { name: 'audit', everyMs: set.auditEveryMs, run: () => keepAudit(database, set) },
    {
      name: 'operator actions',
      everyMs: set.auditEveryMs,
      run: () => pruneOperatorActions(database, set.operatorActionsKeptMs),
    },
  ];
}

const recordsKept = (set: HousekeepingOptions['settings']['housekeeping']): RecordsKept => ({
  keptMs: set.recordsKeptMs,
  quietKeptMs: set.recordsQuietKeptMs,
});

async function relayAll(relay: OutboxRelay, olderThanMs: number): Promise<number> {
  let relayed = 0;
  for (let round = 0; round < relayRoundsMax; round += 1) {
    const count = await relay.relayLeftovers(olderThanMs);
    if (count === 0) break;
    relayed += count;
  }
  return relayed;
}

async function pruneAllProgress(database: Database): Promise<number> {
  let pruned = 0;
  for (const group of ingestGroupNames) pruned += await pruneProgress({ group, transactions: database });
  return pruned;
}

async function keepAudit(
  database: Database,
  { auditMonthsAhead, auditMonthsKept }: HousekeepingOptions['settings']['housekeeping'],
): Promise<number> {
  const plan = { now: new Date(), monthsAhead: auditMonthsAhead, monthsKept: auditMonthsKept };
  const { made, dropped, deletedFromDefault } = await maintainAudit(database, plan);
  return made.length + dropped.length + deletedFromDefault;
}
