/** `npm run bench -- <name> [options]`: benchmarks that compare with peers in the same run. */
import { readdirSync } from 'node:fs';
import { endWhenIdle } from '@trunkline/service-kit';

endWhenIdle();
const folder = new URL('.', import.meta.url);
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.bench.ts'))
  .map((name) => name.replace('.bench.ts', ''));

const [name, ...args] = process.argv.slice(2);
if (name === undefined || !names.includes(name)) {
  console.error(`usage: npm run bench -- <name>\nnames: ${names.join(', ')}`);
  process.exitCode = 2;
} else {
  const { bench } = (await import(new URL(`${name}.bench.ts`, folder).href)) as {
    bench: (args: readonly string[]) => Promise<void>;
  };
  await bench(args);
}
