import { lowestFloorAbove, type Floor } from '../floor/floor.ts';
import type { ExtensionEvent, LinkSnapshot } from '../events/event.ts';
import type { SnapshotStanding } from '../call/call-said.ts';
import type { Instant } from '../instant.ts';
import { compareKeys, keyOfEvent, keyOfSnapshot, type StatementKey } from '../statement-key.ts';
import { lastTold, type Told } from '../told.ts';
import { isEngaged, type ExtensionStatus } from './extension-status.ts';

/** All that is known of a phone, or what one statement says of it. */
export interface Extension {
  readonly name?: Told<string> | undefined;
  readonly lastWord: ExtensionWord;
}

export interface ExtensionWord {
  readonly key: StatementKey;
  readonly status: ExtensionStatus;
  readonly at: Instant;
}

export interface ShownExtension {
  readonly status: ExtensionStatus;
  readonly lastSeenAt: Instant;
}

/** [EXT3] Knowledge of a phone grows as that of a call does, under the same three laws. */
export function mergeExtension(one: Extension, other: Extension): Extension {
  return {
    name: lastTold(one.name, other.name),
    lastWord: compareKeys(other.lastWord.key, one.lastWord.key) > 0 ? other.lastWord : one.lastWord,
  };
}

/**
 * [EXT4] What a phone is shown as. A complete list newer than its last word that leaves it out says that the PBX knows
 * it no longer: it is offline. Else a lost link newer than the word turns ringing, incall and busy into online. An
 * offline phone is never turned online by anything but a word of the PBX.
 */
export function showExtension(extension: Extension, floors: readonly Floor[]): ShownExtension {
  const { key, status, at } = extension.lastWord;
  const unlisted = lowestFloorAbove(floors.filter(listsExtensions), key);
  if (unlisted !== undefined && status !== 'offline') return { status: 'offline', lastSeenAt: at };
  const lost = isEngaged(status) ? lowestFloorAbove(floors.filter(isLostLink), key) : undefined;
  return lost === undefined ? { status, lastSeenAt: at } : { status: 'online', lastSeenAt: lost.at };
}

export const extensionSaidByEvent = (event: ExtensionEvent): Extension => ({
  name: event.name === undefined ? undefined : { fact: event.name, at: event.version },
  lastWord: { key: keyOfEvent(event.version), status: event.status, at: event.at },
});

type SnapshotExtension = NonNullable<LinkSnapshot['extensions']>[number];

export const extensionSaidBySnapshot = (
  listed: SnapshotExtension,
  snapshot: SnapshotStanding,
): Extension => ({
  name: listed.name === undefined ? undefined : { fact: listed.name, at: snapshot.said },
  lastWord: { key: keyOfSnapshot(snapshot.asOf, snapshot.said), status: listed.status, at: snapshot.at },
});

const listsExtensions = (floor: Floor): boolean => floor.cause === 'reconciled' && floor.coversExtensions;
const isLostLink = (floor: Floor): boolean => floor.cause !== 'reconciled';
