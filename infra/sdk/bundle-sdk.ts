import { join } from 'node:path';
import { build } from 'esbuild';

const client = '@trunkline/realtime-client';
const parts = ['store', 'commands', 'command-storage', 'conversations', 'tabs', 'polling'];

/** Every entry of the client. */
export const clientEntries: readonly string[] = [client, ...parts.map((part) => `${client}/${part}`)];

export const exportAll = (entries: readonly string[]): string =>
  entries.map((entry) => `export * from '${entry}';`).join('\n');

/** A module as a page loads it: bundled, minified, without React and what else is `external`. */
export async function bundleSdk(source: string, external: readonly string[] = []): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: {
      contents: source,
      resolveDir: join(import.meta.dirname, '..', '..', 'packages', 'realtime-react'),
    },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    write: false,
    logLevel: 'error',
    external: ['react', 'react/jsx-runtime', ...external],
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error('nothing was built');
  return output.contents;
}
