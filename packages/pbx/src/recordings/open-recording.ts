import type { Readable } from 'node:stream';
import type { Logger } from '@trunkline/service-kit';
import type { SessionStore } from '../port/connection.ts';
import type { PbxTarget } from '../port/target.ts';
import { openAriRecording } from './open-ari-recording.ts';
import { openYeastarRecording } from './open-yeastar-recording.ts';

export interface OpenRecordingContext {
  /** What the holder of the link logged in with; it is borrowed and never renewed here. */
  readonly session: Pick<SessionStore, 'read'>;
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** For an answer to begin, and for each silence within it. */
  readonly silenceMs: number;
  readonly logger: Logger;
}

export type OpenedRecording =
  /** The body must be read or destroyed; it fails where it breaks off. */
  | { readonly kind: 'sound'; readonly body: Readable; readonly bytes: number | null }
  /** The PBX has no such recording. */
  | { readonly kind: 'missing'; readonly problem: string }
  /** It can't be asked just now. */
  | { readonly kind: 'later'; readonly problem: string }
  /** It answered with something else. */
  | { readonly kind: 'broken'; readonly problem: string }
  /** This vendor gives out no recordings, or what was entered does not allow it. */
  | { readonly kind: 'hopeless'; readonly problem: string };

/**
 * Opens the sound of one recording, each vendor's way. Rejects with a LinkError where the PBX does not answer. Never logs
 * in: whoever does is counted and blocked by PBXs, so that stays with the holder of the link.
 */
export async function openRecording(
  target: PbxTarget,
  recording: string,
  context: OpenRecordingContext,
): Promise<OpenedRecording> {
  switch (target.vendor) {
    case 'yeastar':
      return openYeastarRecording(target, recording, context);
    case 'asterisk-ari':
      return openAriRecording(target, recording, context);
    case 'asterisk-ami':
    default:
      return {
        kind: 'hopeless',
        problem: 'AMI tells of recordings and gives none out; connect this PBX by ARI to have their sound',
      };
  }
}
