import { readRecording, type ListedRecording } from '@trunkline/recordings';
import type { Bench } from '../bench.ts';
import { Failure } from '../failure.ts';

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

export async function findRecording(bench: Bench, id: string): Promise<ListedRecording> {
  const database = await bench.database();
  const found = uuid.test(id)
    ? await database.transaction((transaction) => readRecording(transaction, id.toLowerCase()))
    : null;
  if (found !== null) return found;
  throw new Failure(`There is no recording "${id}". "trunkline recordings list" shows those there are.`);
}
