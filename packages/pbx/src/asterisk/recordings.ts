import type { PbxOptions } from '../port/target.ts';
import type { Said } from '../port/words.ts';
import { isKey, type ChannelSaid, type Fact } from './fact.ts';
import type { LegMap } from './leg-map.ts';

type Recorded = Extract<Fact, { kind: 'recorded' }>;

const durationSecondsMax = 7 * 24 * 3600;

/** What of a channel may stand in the name of a file. */
export const recordingFields = ['uniqueid', 'linkedid', 'channel', 'number', 'exten'] as const;

const valueOf: Record<(typeof recordingFields)[number], (channel: ChannelSaid) => string> = {
  uniqueid: ({ id }) => id,
  linkedid: ({ id, linkedid }) => linkedid ?? id,
  channel: ({ name }) => name,
  number: ({ number }) => number,
  exten: ({ exten }) => exten,
};

/**
 * Recordings that are ready. ARI names the file; AMI says only of which channel it was, so the file's name follows from
 * the option `recordingPattern`, and without it nothing is told.
 */
export class Recordings {
  readonly #pattern: string | undefined;
  readonly #calls: Pick<LegMap, 'callRecorded'>;
  readonly #say: (word: Said) => void;

  constructor(
    { recordingPattern }: PbxOptions,
    calls: Pick<LegMap, 'callRecorded'>,
    say: (word: Said) => void,
  ) {
    this.#pattern = recordingPattern;
    this.#calls = calls;
    this.#say = say;
  }

  apply({ channel, bridge, file, durationSeconds }: Recorded, at: number): void {
    const recording = typeof file === 'string' ? file : this.#nameOf(file);
    if (recording === null) return;
    const linkedid = typeof file === 'string' ? null : file.linkedid;
    const call = this.#calls.callRecorded({ channel, bridge, linkedid });
    const seconds = Math.min(durationSeconds ?? 0, durationSecondsMax);
    this.#say({
      kind: 'said',
      type: 'recording.ready',
      payload: {
        recording,
        at,
        ...(call === null ? {} : { call }),
        ...(seconds > 0 ? { durationSeconds: seconds } : {}),
      },
    });
  }

  #nameOf(channel: ChannelSaid): string | null {
    if (this.#pattern === undefined) return null;
    const name = recordingFields.reduce(
      (text, field) => text.replaceAll(`{${field}}`, () => valueOf[field](channel)),
      this.#pattern,
    );
    return isKey(name) ? name : null;
  }
}
