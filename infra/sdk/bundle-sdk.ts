import { join } from 'node:path';
import { rolldown } from 'rolldown';

const client = '@trunkline/realtime-client';
const parts = ['store', 'commands', 'command-storage', 'conversations', 'tabs', 'polling'];
/** From here all of the SDK can be found by name. */
const entry = join(import.meta.dirname, '..', '..', 'packages', 'realtime-react', 'sdk-entry.ts');

/** Every entry of the client. */
export const clientEntries: readonly string[] = [client, ...parts.map((part) => `${client}/${part}`)];

export const exportAll = (entries: readonly string[]): string =>
  entries.map((name) => `export * from '${name}';`).join('\n');

/** A module as a page loads it: bundled, minified, without React and what else is `external`. */
export async function bundleSdk(source: string, external: readonly RegExp[] = []): Promise<string> {
  await using bundle = await rolldown({
    input: entry,
    external: [/^react(\/|$)/, ...external],
    transform: { target: 'es2022', jsx: { runtime: 'automatic' } },
    plugins: [
      {
        name: 'sdk-entry',
        resolveId: (id) => (id === entry ? id : null),
        load: (id) => (id === entry ? source : null),
      },
    ],
  });
  const { output } = await bundle.generate({ format: 'esm', minify: true });
  return output[0].code;
}
