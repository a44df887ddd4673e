import type { LinkDisconnected, LinkSnapshot } from '../events/event.ts';
import { keyOfEvent, keyOfSnapshot } from '../statement-key.ts';
import type { SnapshotStanding } from '../call/call-said.ts';
import { placeOf } from '../version.ts';
import type { Floor } from './floor.ts';

/** [FLOOR2] A lost link closes all that was said before it. */
export const floorOfDisconnect = (event: LinkDisconnected): Floor => ({
  key: keyOfEvent(event.version),
  at: event.at,
  cause: event.cause,
  coversExtensions: false,
});

/** [SNAP3] A complete snapshot closes what it does not list, as far as it could have known of it. */
export function floorOfSnapshot(event: LinkSnapshot): Floor {
  const { asOf, said, at } = standingOf(event);
  return {
    key: keyOfSnapshot(asOf, said),
    at,
    cause: 'reconciled',
    coversExtensions: event.extensions !== undefined,
  };
}

/** [SNAP4] No snapshot shows a state that was not yet said: what claims so stands just below its own version. */
export function standingOf(event: LinkSnapshot): SnapshotStanding {
  const claimed = placeOf(event.asOf.epoch, event.asOf.seq);
  const latest = beforeVersion(event.version);
  return { asOf: claimed < latest ? claimed : latest, said: event.version, at: event.at };
}

const beforeVersion = (version: LinkSnapshot['version']) => (version - 1n) as LinkSnapshot['version'];
