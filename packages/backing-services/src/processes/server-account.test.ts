import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canReach, serverAccount } from './server-account.ts';
import { scratchFolder } from './testing/scratch-folder.ts';

/** Neither owner nor group of anything here. */
const stranger = { uid: 54_321, gid: 54_321 };

describe('canReach', () => {
  it('follows the permissions of every folder on the way', () => {
    using folder = scratchFolder();
    const file = join(folder.path, 'inner', 'file');
    mkdirSync(join(folder.path, 'inner'));
    writeFileSync(file, '');
    const modes: readonly [outer: number, inner: number, file: number, reachable: boolean][] = [
      [0o711, 0o711, 0o644, true],
      [0o700, 0o755, 0o644, false],
      [0o755, 0o700, 0o644, false],
      [0o755, 0o755, 0o600, false],
    ];
    for (const [outer, inner, own, reachable] of modes) {
      chmodSync(folder.path, outer);
      chmodSync(join(folder.path, 'inner'), inner);
      chmodSync(file, own);
      expect(canReach(file, stranger.uid, stranger.gid)).toBe(reachable);
    }
  });

  it('knows the owner and the group', () => {
    using folder = scratchFolder();
    chmodSync(folder.path, 0o750);
    const [uid, gid] = [process.getuid?.() ?? -1, process.getgid?.() ?? -1];
    expect(canReach(folder.path, uid, stranger.gid)).toBe(true);
    expect(canReach(folder.path, stranger.uid, gid)).toBe(true);
    chmodSync(folder.path, 0o077);
    expect(canReach(folder.path, uid, gid)).toBe(false);
  });
});

describe('serverAccount', () => {
  it('is for root only, and uses setpriv only where a folder shuts the account out', () => {
    using folder = scratchFolder();
    const shut = serverAccount([folder.path]);
    const open = serverAccount([tmpdir()]);
    const asRoot = process.getuid?.() === 0;
    expect([shut !== undefined, open !== undefined]).toEqual([asRoot, asRoot]);
    expect(open?.command('postgres', ['-D', 'x'])).toEqual(
      asRoot ? { file: 'postgres', args: ['-D', 'x'], uid: open?.uid, gid: open?.gid } : undefined,
    );
    expect(shut?.command('postgres', ['-D', 'x'])).toEqual(
      asRoot
        ? {
            file: expect.stringMatching(/setpriv$/),
            args: expect.arrayContaining(['--ambient-caps=+dac_override', 'postgres', '-D', 'x']),
          }
        : undefined,
    );
  });
});
