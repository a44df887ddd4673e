import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { scratchFolder } from '../processes/testing/scratch-folder.ts';
import { debianRedis } from './debian-redis.ts';

/**
 * Debian's tools as far as they are used, as shell scripts over a folder: `packages/<name>/version`, `depends` and
 * `files`. Each call is noted in `calls`. ldd misses what the server's file names and no unpacked folder holds.
 */
const tools = {
  'apt-cache': `
    for last; do :; done
    case "$*" in
      *policy*) v=$(cat "$DEBIAN/packages/$last/version" 2>/dev/null || echo '(none)'); echo "$last:"; echo "  Candidate: $v";;
      *depends*) for name; do cat "$DEBIAN/packages/$name/depends" 2>/dev/null; done; true;;
    esac`,
  'apt-get': `
    case "$*" in
      *update*) touch "$DEBIAN/updated"; cp -r "$DEBIAN/upstream/." "$DEBIAN/packages/" 2>/dev/null || { echo 'E: the network is away' >&2; exit 100; };;
      *download*) for name; do [ -d "$DEBIAN/packages/$name" ] && echo "$name" > "$name.deb"; done; true;;
    esac`,
  'dpkg-deb': 'name=$(cat "$2"); cp -r "$DEBIAN/packages/$name/files/." "$3/"',
  'dpkg-query': '[ "$4" = libc6 ] && printf installed',
  ldd: `
    for lib in $(sed -n 's/^# needs //p' "$1"); do
      found=no
      for folder in $(echo "$LD_LIBRARY_PATH" | tr : ' '); do [ -e "$folder/$lib" ] && found=yes; done
      [ $found = yes ] && echo "  $lib => /somewhere/$lib" || echo "  $lib => not found"
    done`,
} as const;

type Package = {
  readonly version: string;
  readonly depends?: string;
  readonly files?: Record<string, string>;
};

const server = (product: string, version: string, needs: string) =>
  `#!/bin/sh\n# needs ${needs}\necho '${product} server v=${version} sha=0'\n`;

const debian12: Record<string, Package> = {
  'redis-server': { version: '5:7.0.15-1~deb12u10', depends: '  Depends: redis-tools\n' },
  'redis-tools': {
    version: '5:7.0.15-1~deb12u10',
    depends: '  Depends: libc6\n |Depends: liblzf1\n  Depends: <virtual>\n',
    files: { 'usr/bin/redis-server': server('Redis', '7.0.15', 'liblzf.so.1') },
  },
  liblzf1: { version: '3.6-3', files: { 'usr/lib/liblzf.so.1': 'a library' } },
};

const path = process.env['PATH'];

afterEach(() => {
  process.env['PATH'] = path;
  delete process.env['DEBIAN'];
});

function machine(
  root: string,
  { here = {}, upstream }: Record<'here' | 'upstream', Record<string, Package> | undefined>,
) {
  const bin = join(root, 'bin');
  mkdirSync(bin);
  mkdirSync(join(root, 'packages'));
  for (const [name, script] of Object.entries(tools)) {
    writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} $*" >> "$DEBIAN/calls"\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  writePackages(join(root, 'packages'), here);
  if (upstream !== undefined) writePackages(join(root, 'upstream'), upstream);
  process.env['PATH'] = [bin, path].join(delimiter);
  process.env['DEBIAN'] = root;
  return { cache: join(root, 'cache'), calls: () => readFileSync(join(root, 'calls'), 'utf8') };
}

function writePackages(folder: string, packages: Record<string, Package>): void {
  for (const [name, { version, depends = '', files = {} }] of Object.entries(packages)) {
    mkdirSync(join(folder, name, 'files'), { recursive: true });
    writeFileSync(join(folder, name, 'version'), version);
    writeFileSync(join(folder, name, 'depends'), depends);
    for (const [file, content] of Object.entries(files)) {
      mkdirSync(join(folder, name, 'files', file, '..'), { recursive: true });
      writeFileSync(join(folder, name, 'files', file), content, { mode: 0o755 });
    }
  }
}

describe('debianRedis', () => {
  it('unpacks the server and the libraries it lacks, and finds them again without asking anybody', async () => {
    using root = scratchFolder();
    const { cache, calls } = machine(root.path, { here: debian12, upstream: undefined });
    const reports: string[] = [];
    const first = await debianRedis(cache, (line) => reports.push(line));
    expect(first.passedOver).toEqual([]);
    expect(first.found).toMatchObject([
      { product: 'Redis', version: '7.0.15', server: join(cache, 'redis/usr/bin/redis-server') },
    ]);
    expect(existsSync(join(cache, 'redis/usr/lib/liblzf.so.1'))).toBe(true);
    expect(reports).toEqual(['Fetching redis-server 7.0.15 and the libraries it needs (apt-get download)']);
    const callsOfTheFirst = calls();
    expect(callsOfTheFirst).not.toMatch(/download .*libc6/);
    expect(await debianRedis(cache, () => {})).toEqual(first);
    expect(calls()).toBe(callsOfTheFirst);
    expect(readdirSync(cache)).toEqual(['redis']);
  });

  it('fetches lists of its own where the machine has none, and takes Valkey where there is no Redis', async () => {
    using root = scratchFolder();
    const upstream = {
      'valkey-server': { version: '8.1.1+dfsg1-3' },
      'valkey-tools': {
        version: '8.1.1+dfsg1-3',
        files: { 'usr/bin/valkey-server': server('Valkey', '8.1.1', '') },
      },
    };
    const { cache, calls } = machine(root.path, { here: {}, upstream });
    const { found } = await debianRedis(cache, () => {});
    expect(found).toMatchObject([{ product: 'Valkey', version: '8.1.1' }]);
    expect(calls()).toContain(`Dir::State=${join(cache, 'apt', 'state')}`);
  });

  it('says for each package and each list why it would not do', async () => {
    using root = scratchFolder();
    const here = { 'redis-server': { version: '5:6.0.16-1' } };
    const { cache } = machine(root.path, { here, upstream: undefined });
    const { found, passedOver } = await debianRedis(cache, () => {});
    expect(found).toEqual([]);
    expect(passedOver.join('\n')).toMatch(
      /redis-server is Redis 6\.0, and 7\.0 or newer is needed.*valkey-server \(system lists\): no such package.*the network is away/s,
    );
    expect(existsSync(join(cache, 'redis'))).toBe(false);
  });

  it('leaves nothing half unpacked when a library is not to be had', async () => {
    using root = scratchFolder();
    const { liblzf1: _, ...here } = debian12;
    const { cache } = machine(root.path, { here, upstream: undefined });
    const { passedOver } = await debianRedis(cache, () => {});
    expect(passedOver.join('\n')).toContain('no package brings liblzf.so.1');
    expect(readdirSync(cache)).toEqual([]);
  });

  it('is no rung on a machine without these tools', async () => {
    using root = scratchFolder();
    process.env['PATH'] = root.path;
    const { passedOver } = await debianRedis(
      join(root.path, 'cache'),
      () => {},
      () => undefined,
    );
    expect(passedOver).toEqual(['no apt-get here: not a Debian or Ubuntu machine']);
  });
});
