import { createImportLab, killWorkers } from '@trunkline/import-worker/testing';
import { createRandom } from '../../support/random.ts';

export interface ImportStorms {
  readonly runs: number;
  readonly firstSeed: number;
  readonly kills: number;
  readonly rows: number;
}

/** So many chunks that each death meets another one. */
const chunksAKill = 4;
const livesMsMax = 250;
const saidEvery = 10;

/** The long form of the crash test of imports: how many runs went wrong. */
export async function stormImports({ runs, firstSeed, kills, rows }: ImportStorms): Promise<number> {
  let failed = 0;
  for (let run = 0; run < runs; run += 1) {
    const seed = firstSeed + run;
    await using lab = await createImportLab();
    const random = createRandom(seed);
    const chunkRows = Math.max(1, Math.floor(rows / (kills * chunksAKill)));
    const end = await killWorkers(lab, {
      rows,
      kills,
      chunkRows,
      random: () => random.next(),
      livesMsMax,
      say: (line, count) => {
        if (count % saidEvery === 0) console.log(line);
      },
    });
    const { state, rowsDone } = end.ended;
    const isWrong = end.differences.length > 0 || state !== 'complete' || rowsDone !== rows;
    console.log(
      `seed ${seed}: ${isWrong ? 'WRONG' : 'exactly right'}; ${rowsDone} of ${rows} rows, ${end.kills} kills, chunks of ${chunkRows}`,
    );
    if (!isWrong) continue;
    failed += 1;
    for (const difference of end.differences) console.log(`  ${difference}`);
  }
  console.log(JSON.stringify({ chaos: 'crm', runs, firstSeed, kills, rows, failed }));
  return failed;
}
