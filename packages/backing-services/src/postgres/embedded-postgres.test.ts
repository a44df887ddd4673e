import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scratchFolder } from '../processes/testing/scratch-folder.ts';
import { embeddedPostgres, linkLibraries } from './embedded-postgres.ts';

const links = [
  { source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' },
  { source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so' },
];

function unpackedPackage(folder: string): void {
  mkdirSync(join(folder, 'native', 'lib'), { recursive: true });
  writeFileSync(join(folder, 'native', 'lib', 'libpq.so.5.18'), 'a library');
  writeFileSync(join(folder, 'native', 'pg-symlinks.json'), JSON.stringify(links));
}

it('makes the links the package could not bring, once, and leaves those that are there', () => {
  using folder = scratchFolder();
  unpackedPackage(folder.path);
  symlinkSync('libpq.so.5.18', join(folder.path, 'native/lib/libpq.so'));
  linkLibraries(folder.path);
  linkLibraries(folder.path);
  for (const { target } of links) {
    expect(readlinkSync(join(folder.path, target))).toBe('libpq.so.5.18');
    expect(readFileSync(join(folder.path, target), 'utf8')).toBe('a library');
  }
});

it('can be done by several processes at once', async () => {
  using folder = scratchFolder();
  unpackedPackage(folder.path);
  const module = JSON.stringify(join(import.meta.dirname, 'embedded-postgres.ts'));
  const script = `(await import(${module})).linkLibraries(${JSON.stringify(folder.path)})`;
  const codes = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' });
      const [code] = (await once(child, 'exit')) as [number];
      return code;
    }),
  );
  expect(codes).toEqual([0, 0, 0, 0]);
  expect(readFileSync(join(folder.path, 'native/lib/libpq.so'), 'utf8')).toBe('a library');
});

it("finds this platform's programs, or says why there are none", async () => {
  const { found, passedOver } = await embeddedPostgres();
  expect(found.length + passedOver.length).toBe(1);
  for (const programs of found) expect(programs.major).toBeGreaterThanOrEqual(15);
  for (const reason of passedOver) expect(reason).toContain('@embedded-postgres/');
});
