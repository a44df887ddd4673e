import { removePbx } from '@trunkline/database';
import type { Bench } from '../bench.ts';
import { findPbx } from './find-pbx.ts';

export async function runPbxRemove(bench: Bench, called: string): Promise<void> {
  const database = await bench.database();
  const name = await database.transaction(async (transaction) => {
    const pbx = await findPbx(transaction, called);
    await removePbx(transaction, pbx.id);
    return pbx.name;
  });
  bench.terminal.out(`Removed ${name}. Its link is closed within seconds; its calls and their history stay.`);
}
