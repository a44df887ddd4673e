import type { Said } from '../port/words.ts';
import type { NameOf } from './call-words.ts';
import type { Member } from './frames.ts';

export interface LegsOptions {
  readonly say: (word: Said) => void;
  readonly nameOf: NameOf;
  readonly isExtension: (number: string) => boolean;
  /** When a call began that was found in the middle, as far as its key tells. */
  readonly startOf: (call: string) => number | undefined;
  /** The extension for which we asked the PBX to dial this call; null for all other calls. */
  readonly dialledFor: (call: string, members: readonly Member[]) => string | null;
  readonly callsMax?: number;
}

/** A call as the PBX lists it. */
export interface ListedCall {
  readonly call: string;
  readonly members: readonly Member[];
}
