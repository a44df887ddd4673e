import type { Assumptions } from './assumptions.ts';
import { coresAt } from './cores-at.ts';
import type { IngestPart, Measured } from './measured.ts';

/** What calls of a busy hour ask of everything between the PBXs and the tables. */
export interface IngestSize {
  readonly callsPerSecond: number;
  readonly eventsPerSecond: number;
  readonly connectorCores: number;
  readonly workerCores: number;
  readonly cleanupCores: number;
  readonly postgresCores: number;
  readonly redisCores: number;
  readonly walMegabytesPerSecond: number;
  readonly gigabytesPerMonth: number;
  /** Streams, so that each is worked off by one worker at a time and stays within what is planned. */
  readonly shards: number;
  /** What cannot be had by more replicas, by how much of what is planned for it is needed; the worst first. */
  readonly shares: readonly Share[];
}

export interface Share {
  readonly what: 'PostgreSQL' | 'its log' | 'Redis' | 'the streams';
  readonly share: number;
}

/** Calls of the busiest hour, and of a day. */
export interface CallLoad {
  readonly perHour: number;
  readonly perDay: number;
}

export const ofDay = (perDay: number, { busyHourShare }: Assumptions): CallLoad => ({
  perDay,
  perHour: perDay * busyHourShare,
});

/** So many in one hour are that hour's share of a day. */
export const ofHour = (perHour: number, { busyHourShare }: Assumptions): CallLoad => ({
  perHour,
  perDay: perHour / busyHourShare,
});

export function sizeIngest(
  { perHour, perDay }: CallLoad,
  { ingest }: Measured,
  given: Assumptions,
): IngestSize {
  const callsPerSecond = perHour / 3_600;
  const eventsPerSecond = callsPerSecond * ingest.eventsPerCall;
  const cores = (part: IngestPart): number =>
    coresAt(
      ingest.spent.map((step) => ({ perSecond: step.eventsPerSecond, cores: step.cores[part] })),
      eventsPerSecond,
    );
  const walMegabytesPerSecond = (eventsPerSecond * ingest.walBytesPerEvent) / 1e6;
  const shards = Math.max(1, Math.ceil(eventsPerSecond / (shardCeiling(ingest, given) * given.planned)));
  const size = {
    callsPerSecond,
    eventsPerSecond,
    connectorCores: cores('connector'),
    workerCores: cores('lifecycle-worker'),
    cleanupCores: cores('cleanup-worker'),
    postgresCores: cores('postgresql'),
    redisCores: cores('redis'),
    walMegabytesPerSecond,
    gigabytesPerMonth: (perDay * given.daysOfMonth * ingest.storedBytesPerCall) / 1e9,
    shards,
  };
  const share = (what: Share['what'], needed: number, whole: number): Share => ({
    what,
    share: needed / (whole * given.planned),
  });
  const shares = [
    share('PostgreSQL', size.postgresCores, given.postgresCores),
    share('its log', walMegabytesPerSecond, given.walMegabytesPerSecond),
    share('Redis', size.redisCores, given.redisCores),
    share('the streams', eventsPerSecond, shardCeiling(ingest, given) * given.shardsByDefault),
  ].toSorted((one, other) => other.share - one.share);
  return { ...size, shares };
}

/** What a batch of so many events takes, in seconds. */
export const batchSeconds = (
  { batchMs }: Pick<Measured['ingest'], 'batchMs'>,
  { eventMs }: Assumptions,
  count: number,
): number => (batchMs + eventMs * count) / 1_000;

/** A stream that is always behind is worked off in full batches. */
export const shardCeiling = (ingest: Pick<Measured['ingest'], 'batchMs'>, given: Assumptions): number =>
  given.batchMax / batchSeconds(ingest, given, given.batchMax);
