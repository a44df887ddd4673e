import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { rolldown, type Plugin } from 'rolldown';

/** Load files that lie beside them, or other packages by a name that only they know. */
const notBundled = [/^@bull-board\//, /^pino$/, /^oidc-provider$/, /^pg-native$/];

/** CommonJS that is bundled asks for modules of Node by `require`, which a module has not. */
const banner = `import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);`;

/** A module of ours finds what lies beside it where it lay before it was bundled. */
const whereItLay: Plugin = {
  name: 'where-it-lay',
  transform: {
    filter: { id: /\.ts$/, code: 'import.meta.dirname' },
    handler: (code, id) => code.replaceAll('import.meta.dirname', JSON.stringify(dirname(id))),
  },
};

/** The apps that run as a process of their own. */
export async function servicesOf(root: string): Promise<string[]> {
  const names = await readdir(join(root, 'apps'));
  return names.filter((name) => existsSync(join(root, mainOf(name)))).sort();
}

const mainOf = (name: string): string => `apps/${name}/src/main.ts`;

/** Writes `<app>.mjs` for each of them, and beside these what they share. */
export async function bundleServices(root: string, folder: string): Promise<void> {
  const names = await servicesOf(root);
  await using bundle = await rolldown({
    cwd: root,
    input: Object.fromEntries(names.map((name) => [name, mainOf(name)])),
    platform: 'node',
    external: notBundled,
    plugins: [whereItLay],
    // What depd does with eval is not ours to mend.
    checks: { eval: false },
  });
  await bundle.write({
    dir: folder,
    format: 'esm',
    banner,
    entryFileNames: '[name].mjs',
    chunkFileNames: 'shared-[hash].mjs',
  });
}
