import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '..', '..');
const rooms = join(root, 'packages');
const run = promisify(execFile);
const protocol = 'realtime-protocol/src/index';

/**
 * Writes the declarations of these modules, and of what they are made of, below a folder. The types of the protocol come along,
 * since nobody can install that by itself.
 */
export async function declareSdk(modules: readonly string[], folder: string): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'trunkline-sdk-'));
  try {
    const config = {
      extends: join(root, 'tsconfig.json'),
      compilerOptions: {
        noEmit: false,
        declaration: true,
        emitDeclarationOnly: true,
        rewriteRelativeImportExtensions: true,
        rootDir: rooms,
        outDir: folder,
        // Found by name it would pass for somebody else's package, of which nothing is declared anew.
        paths: { '@trunkline/realtime-protocol': [join(rooms, `${protocol}.ts`)] },
        typeRoots: [join(root, 'node_modules', '@types')],
      },
      include: [],
      files: modules.map((module) => join(rooms, module)),
    };
    await writeFile(join(scratch, 'tsconfig.json'), JSON.stringify(config));
    await run(join(root, 'node_modules', '.bin', 'tsc'), ['-p', scratch]);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  for (const name of await readdir(folder, { recursive: true })) {
    const file = join(folder, name);
    if (name.endsWith('.d.ts')) await writeFile(file, published(await readFile(file, 'utf8'), file, folder));
  }
}

/** Whoever installs the package has its JavaScript, and no other package of ours beside it but those that it names. */
function published(text: string, file: string, folder: string): string {
  const path = relative(dirname(file), join(folder, `${protocol}.js`));
  const toProtocol = path.startsWith('.') ? path : `./${path}`;
  return text
    .replaceAll(/((?:from|import) ?\(?['"])(\.[^'"]*)\.tsx?(['"])/g, '$1$2.js$3')
    .replaceAll(/(['"])@trunkline\/realtime-protocol\1/g, `$1${toProtocol}$1`);
}
