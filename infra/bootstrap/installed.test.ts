import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { differences, isInstalled, rememberInstalled } from './installed.mjs';

const lock = {
  '': { version: '0.1.0' },
  'packages/domain': { version: '0.1.0' },
  'node_modules/@trunkline/domain': { link: true },
  'node_modules/pg': { version: '8.23.0', integrity: 'sha512-a' },
  'node_modules/pg/node_modules/split2': { version: '4.2.0', integrity: 'sha512-b' },
  'node_modules/fsevents': { version: '2.3.3', integrity: 'sha512-c', optional: true },
};

describe('differences', () => {
  const { 'node_modules/fsevents': _, ...here } = lock;

  it('are none when everything is there, but for what is meant for other platforms', () => {
    expect(differences(lock, here)).toEqual([]);
  });

  it('are the packages that are missing, of another version or of other content', () => {
    const { 'node_modules/pg': pg, ...without } = here;
    expect(differences(lock, without)).toEqual(['node_modules/pg']);
    expect(differences(lock, { ...without, 'node_modules/pg': { ...pg, version: '8.22.0' } })).toEqual([
      'node_modules/pg',
    ]);
    expect(differences(lock, { ...without, 'node_modules/pg': { ...pg, integrity: 'sha512-x' } })).toEqual([
      'node_modules/pg',
    ]);
  });
});

describe('isInstalled', () => {
  let root = '';

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'trunkline-'));
    mkdirSync(join(root, 'node_modules'));
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: lock }));
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('does not believe a folder that nobody vouches for', () => {
    expect(isInstalled(root)).toBe(false);
  });

  it('believes its own stamp until the lock file changes', () => {
    rememberInstalled(root);
    expect(isInstalled(root)).toBe(true);
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: lock, changed: true }));
    expect(isInstalled(root)).toBe(false);
  });

  it("believes npm's own record, so that an `npm install` by hand is not done over", () => {
    writeFileSync(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: lock }));
    expect(isInstalled(root)).toBe(true);
  });
});
