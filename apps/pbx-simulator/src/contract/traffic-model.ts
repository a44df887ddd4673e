import type { CallKind } from './call-plan.ts';

/** From the shortest to the longest, in milliseconds. */
export type Span = readonly [min: number, max: number];

/** Calls that happen by themselves. Which ones follows from the seed; a call that finds no free phone is skipped. */
export interface TrafficModel {
  readonly callsPerSecond: number;
  /** Relative weights; kinds left out don't occur. Mostly internal, inbound and outbound unless given. */
  readonly mix?: Partial<Record<CallKind, number>>;
  readonly ringMs?: Span;
  readonly talkMs?: Span;
  /** Shares of the calls, from 0 to 1. The first four exclude each other and add up to 1 at most. */
  readonly noAnswer?: number;
  readonly busy?: number;
  readonly abandoned?: number;
  readonly rejected?: number;
  /** Shares of the answered calls. */
  readonly hold?: number;
  readonly transfer?: number;
  readonly recorded?: number;
  /** How many times faster than the spans say; 1 unless given. The rate stays as it is. */
  readonly pace?: number;
}
