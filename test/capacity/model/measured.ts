import { readFileSync, writeFileSync } from 'node:fs';

export const ingestParts = [
  'connector',
  'lifecycle-worker',
  'cleanup-worker',
  'postgresql',
  'redis',
] as const;
export type IngestPart = (typeof ingestParts)[number];

/** What everything that events pass spent at one rate. */
export interface SpentAt {
  readonly eventsPerSecond: number;
  readonly cores: Readonly<Record<IngestPart, number>>;
}

/** What a unit of work costs, as `npm run capacity` measures it. Every figure of docs/scaling.md follows from these. */
export interface Measured {
  readonly on: { readonly machine: string; readonly day: string };
  readonly ingest: {
    readonly eventsPerCall: number;
    readonly messagesPerEvent: number;
    readonly walBytesPerEvent: number;
    readonly storedBytesPerCall: number;
    /** At rising rates, one worker to a group. */
    readonly spent: readonly SpentAt[];
    /** What a batch of one worker takes on a machine that has time for it. */
    readonly batchMs: number;
  };
  readonly push: {
    /** Of a node, to let one in. */
    readonly connectMicros: number;
    /** Of a node, each second that one is there. */
    readonly connectionMicrosPerSecond: number;
    readonly residentBytesPerConnection: number;
    /** Of a node, for a message that nobody there wants, and for each browser that is told one. */
    readonly messageMicros: number;
    readonly deliveryMicros: number;
    /** Of Redis, for a message with one node that hears it, and for each further node. */
    readonly redisMessageMicros: number;
    readonly redisNodeMicros: number;
  };
}

const file = new URL('./measured.json', import.meta.url);

export const readMeasured = (): Measured => JSON.parse(readFileSync(file, 'utf8')) as Measured;

export const writeMeasured = (measured: Measured): void =>
  writeFileSync(file, `${JSON.stringify(measured, null, 2)}\n`);
