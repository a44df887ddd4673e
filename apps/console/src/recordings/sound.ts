import type { Api } from '../api/api.ts';
import type { Recording, SoundLink } from '../api/answers.ts';
import { problemOf } from '../api/problem.ts';
import { peaksOf } from './peaks.ts';

export interface Sound {
  /** For a player. */
  readonly address: string;
  /** Null where it is too large to be looked at as a whole, or is of a kind that this browser can't read. */
  readonly peaks: readonly number[] | null;
  /** Lets go of what is held in memory. */
  readonly release: () => void;
}

/** A larger one is played as it comes, without an outline: in memory it would be many times as large. */
const wholeBytesMax = 30_000_000;
const peakParts = 240;
/** Enough for an outline; a browser resamples to it. */
const outlineRate = 8_000;

export const linkTo = ({ id }: Pick<Recording, 'id'>, api: Api, download = false): Promise<SoundLink> =>
  api.ask<SoundLink>(`/v1/recordings/${id}/links`, { method: 'POST', body: { download } });

/** The sound of a recording: fetched once, heard and seen from memory, so that each listening is one access in the audit. */
export async function loadSound(recording: Recording, api: Api): Promise<Sound> {
  const { path } = await linkTo(recording, api);
  if ((recording.bytes ?? 0) > wholeBytesMax) return { address: path, peaks: null, release: () => undefined };
  // The link is the permission, and a large one may take its time.
  const answer = await fetch(path);
  if (!answer.ok) throw problemOf(answer.status, answer.headers, await answer.json().catch(() => null));
  const blob = await answer.blob();
  const address = URL.createObjectURL(blob);
  return { address, peaks: await outlineOf(blob), release: () => URL.revokeObjectURL(address) };
}

async function outlineOf(blob: Blob): Promise<number[] | null> {
  try {
    const context = new OfflineAudioContext(1, 1, outlineRate);
    const sound = await context.decodeAudioData(await blob.arrayBuffer());
    return peaksOf(sound.getChannelData(0), peakParts);
  } catch {
    return null;
  }
}
