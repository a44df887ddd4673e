import type { DropResult, ReplayResult } from '@trunkline/event-stream';
import {
  dropDeadLetter,
  replayDeadLetter,
  type LetterDesk,
  type UnreadableResult,
} from '@trunkline/operations';
import type { Bench } from '../bench.ts';
import { Failure } from '../failure.ts';
import { findLetter } from './dead-letters-show.ts';

/** Each letter by itself: one that fails keeps no other from being replayed. */
export async function runDeadLettersReplay(bench: Bench, ids: readonly string[]): Promise<void> {
  await forEach(ids, async (id) => {
    const letter = await findLetter(bench, id);
    tell(bench, letter.id, await replayDeadLetter(await deskOf(bench), letter, bench.operator));
  });
}

export async function runDeadLettersDrop(bench: Bench, ids: readonly string[]): Promise<void> {
  await forEach(ids, async (id) => {
    const letter = await findLetter(bench, id);
    tell(bench, letter.id, await dropDeadLetter(await deskOf(bench), letter, bench.operator));
  });
}

const deskOf = async (bench: Bench): Promise<LetterDesk> => ({
  database: await bench.database(),
  relay: (messages) => bench.relay(messages),
});

async function forEach(ids: readonly string[], work: (id: string) => Promise<void>): Promise<void> {
  const failures: Failure[] = [];
  for (const id of ids) {
    try {
      await work(id);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new Failure(failures.map(({ message }) => message).join('\n'));
}

function tell({ terminal }: Bench, id: string, result: ReplayResult | DropResult | UnreadableResult): void {
  switch (result.outcome) {
    case 'replayed':
    case 'dropped':
      return terminal.out(`${id}: ${result.outcome}.`);
    case 'already-resolved':
      throw new Failure(`${id} was ${result.state} already.`);
    case 'unreadable':
      throw new Failure(
        `${id} is what a PBX said and nobody could read, so there is nothing to apply. A snapshot has repaired it: drop it.`,
      );
    case 'failed':
      throw new Failure(`${id} failed again and stays parked: ${result.error}`);
    case 'not-found':
    default:
      throw new Failure(`${id} is gone.`);
  }
}
