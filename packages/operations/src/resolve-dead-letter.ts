import { linkGroup, type Database, type ListedDeadLetter, type OutboxMessage } from '@trunkline/database';
import type { DropResult, ReplayResult } from '@trunkline/event-stream';
import { openDeadLetters } from '@trunkline/ingest';

export interface LetterDesk {
  readonly database: Database;
  readonly relay: (messages: readonly OutboxMessage[]) => Promise<void>;
}

type Letter = Pick<ListedDeadLetter, 'id' | 'group'>;

/** It holds nothing that could be applied. */
export type UnreadableResult = { readonly outcome: 'unreadable' };

/** Applies what could not be digested once more, and says how that went. */
export async function replayDeadLetter(
  { database, relay }: LetterDesk,
  { id, group }: Letter,
  by: string,
): Promise<ReplayResult | UnreadableResult> {
  // What a PBX said and nobody could read is kept for people; a snapshot has repaired it.
  if (group === linkGroup) return { outcome: 'unreadable' };
  return openDeadLetters({ group, database, relay }).replay(id, by);
}

export async function dropDeadLetter(
  { database, relay }: LetterDesk,
  { id, group }: Letter,
  by: string,
): Promise<DropResult> {
  return openDeadLetters({ group, database, relay }).drop(id, by);
}
