import { liveLives } from '@trunkline/stuck-calls/testing';

/** Lives of calls on a virtual clock, without any server. Returns whether the promises held. */
export function runLives({ lives, seed }: { readonly lives: number; readonly seed: number }): boolean {
  const startedAt = performance.now();
  const { problems, ...figures } = liveLives({ lives, seed });
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  for (const problem of problems) console.log(`  ${problem}`);
  if (problems.length > 0) console.log(`  replay: npm run chaos -- --lives ${lives} --seed ${seed}`);
  console.log(JSON.stringify({ chaos: 'lives', seed, seconds, failed: problems.length, ...figures }));
  return problems.length === 0;
}
