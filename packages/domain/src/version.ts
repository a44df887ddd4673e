import type { Brand } from './brand.ts';

/**
 * Where a word of a PBX stands among all its words: [VER1] epoch first, then the sequence within the epoch. A single
 * bigint, so that it sorts as the pair does in JavaScript, in PostgreSQL and in an index.
 */
export type Version = Brand<bigint, 'Version'>;

const sequenceBits = 40n;
const sequenceMask = (1n << sequenceBits) - 1n;

/** Below these bounds epoch * 2^40 + sequence stays within PostgreSQL's bigint. */
export const epochMax = 2 ** 23 - 1;
export const sequenceMax = 2 ** 40 - 1;

export function versionOf(epoch: number, sequence: number): Version {
  if (!isWithin(epoch, epochMax)) throw new RangeError(`epoch must be 1 to ${epochMax}, not ${epoch}`);
  if (!isWithin(sequence, sequenceMax))
    throw new RangeError(`sequence must be 1 to ${sequenceMax}, not ${sequence}`);
  return placeOf(epoch, sequence);
}

/** A place between versions: sequence 0 is the start of an epoch, before its first word; epoch 0 is before everything. */
export const placeOf = (epoch: number, sequence: number): Version =>
  ((BigInt(epoch) << sequenceBits) | BigInt(sequence)) as Version;

export const epochOf = (version: Version): number => Number(version >> sequenceBits);
export const sequenceOf = (version: Version): number => Number(version & sequenceMask);

const isWithin = (count: number, max: number): boolean =>
  Number.isSafeInteger(count) && count >= 1 && count <= max;
