import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scratchFolder } from '../processes/testing/scratch-folder.ts';
import { machinePostgres } from './machine-postgres.ts';

/** A folder with programs that only tell their version. */
function installation(
  root: string,
  name: string,
  version: string,
  programs = ['postgres', 'initdb'],
): string {
  const folder = join(root, name);
  mkdirSync(folder);
  for (const program of programs) {
    const path = join(folder, program);
    writeFileSync(path, `#!/bin/sh\necho '${program} (PostgreSQL) ${version}'\n`);
    chmodSync(path, 0o755);
  }
  return folder;
}

it('takes the newest that will do and tells of each other why it will not', async () => {
  using root = scratchFolder();
  const [old, fit, newest, half, mute] = [
    installation(root.path, 'old', '14.11 (Debian 14.11-1)'),
    installation(root.path, 'fit', '15.18 (Debian 15.18-0+deb12u1)'),
    installation(root.path, 'newest', '19beta1'),
    installation(root.path, 'half', '16.2', ['postgres']),
    installation(root.path, 'mute', ''),
  ];
  const { found, passedOver } = await machinePostgres([old, fit, newest, half, mute]);
  expect(found).toEqual([
    {
      kind: 'postgres',
      postgres: join(newest, 'postgres'),
      initdb: join(newest, 'initdb'),
      major: 19,
      version: '19beta1',
      source: newest,
    },
    {
      kind: 'postgres',
      postgres: join(fit, 'postgres'),
      initdb: join(fit, 'initdb'),
      major: 15,
      version: '15.18',
      source: fit,
    },
  ]);
  expect(passedOver).toEqual([
    `${join(old, 'postgres')} is version 14.11, and 15 or newer is needed`,
    `${half} has no initdb beside its postgres`,
    expect.stringContaining('does not tell its version'),
  ]);
});
