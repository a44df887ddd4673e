import { readFileSync, writeFileSync } from 'node:fs';
import type { BatchCost } from '../measure/fit-batches.ts';
import type { Cost } from '../measure/fit-cost.ts';

export const ingestParts = [
  'connector',
  'lifecycle-worker',
  'cleanup-worker',
  'postgresql',
  'redis',
] as const;
export type IngestPart = (typeof ingestParts)[number];

/** What a unit of work costs, as `npm run capacity` measures it. Every figure of docs/scaling.md follows from these. */
export interface Measured {
  readonly on: { readonly machine: string; readonly day: string };
  readonly ingest: {
    readonly eventsPerCall: number;
    readonly messagesPerEvent: number;
    readonly walBytesPerEvent: number;
    readonly storedBytesPerCall: number;
    readonly costs: Readonly<Record<IngestPart, Cost>>;
    readonly batch: BatchCost;
  };
  readonly push: {
    /** Of a node, to let one in. */
    readonly connectMicros: number;
    /** Of a node, each second that one is there. */
    readonly connectionMicrosPerSecond: number;
    readonly idleCores: number;
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
