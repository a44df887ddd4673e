import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { declareSdk } from './declare-sdk.ts';

const root = join(import.meta.dirname, '..', '..');
const rooms = join(root, 'packages');

interface RoomPackage {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly sideEffects: unknown;
  readonly exports: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** The rooms that are published, and what each leaves to be installed beside it. */
export const publishedRooms = {
  'realtime-client': { external: [], dependencies: [] },
  'realtime-react': {
    external: [/^react(\/|$)/, /^@trunkline\/realtime-client(\/|$)/],
    dependencies: ['@trunkline/realtime-client'],
  },
} as const;

/** The folder of a package as it is published: a module and its types for each entry, and nothing that only we have. */
export async function packageSdk(room: keyof typeof publishedRooms, folder: string): Promise<void> {
  const source = JSON.parse(await readFile(join(rooms, room, 'package.json'), 'utf8')) as RoomPackage;
  const modules = Object.entries(source.exports).filter(([, path]) => /\.tsx?$/.test(path));
  const styles = Object.entries(source.exports).filter(([, path]) => path.endsWith('.css'));
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await Promise.all([
    bundle(room, modules, folder),
    declareSdk(
      modules.map(([, path]) => join(room, path)),
      join(folder, 'types'),
    ),
    ...styles.map(([entry, path]) => copyFile(join(rooms, room, path), join(folder, entry))),
    copyFile(join(rooms, room, 'README.md'), join(folder, 'README.md')),
    copyFile(join(root, 'LICENSE'), join(folder, 'LICENSE')),
  ]);
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifestOf(room, source), null, 2));
}

async function bundle(
  room: keyof typeof publishedRooms,
  modules: readonly [string, string][],
  folder: string,
): Promise<void> {
  await using build = await rolldown({
    input: Object.fromEntries(modules.map(([entry, path]) => [fileOf(entry), join(rooms, room, path)])),
    external: [...publishedRooms[room].external],
    transform: { target: 'es2022', jsx: { runtime: 'automatic' } },
  });
  await build.write({ dir: folder, format: 'esm', minify: true, chunkFileNames: 'shared-[hash].js' });
}

function manifestOf(room: keyof typeof publishedRooms, source: RoomPackage): object {
  const { name, version, description, license, sideEffects, peerDependencies } = source;
  const exports = Object.entries(source.exports).map(([entry, path]) => [
    entry,
    path.endsWith('.css')
      ? entry
      : {
          types: `./${join('types', room, path).replace(/\.tsx?$/, '.d.ts')}`,
          default: `./${fileOf(entry)}.js`,
        },
  ]);
  return {
    name,
    version,
    description,
    license,
    type: 'module',
    sideEffects,
    exports: Object.fromEntries(exports) as object,
    dependencies: Object.fromEntries(
      publishedRooms[room].dependencies.map((each) => [each, version]),
    ) as object,
    ...(peerDependencies !== undefined && { peerDependencies }),
  };
}

const fileOf = (entry: string): string => (entry === '.' ? 'index' : entry.slice('./'.length));
