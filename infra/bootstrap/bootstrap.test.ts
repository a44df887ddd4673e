import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from './commands.mjs';

const root = join(import.meta.dirname, '..', '..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

describe('the bootstrap', () => {
  it('has a script in package.json for each of its commands', () => {
    for (const name of Object.keys(commands)) {
      // "exec" lets npm signal us and not a shell between, which would keep a Ctrl-C to itself.
      expect(scripts[name]).toBe(`exec node infra/bootstrap/run.mjs ${name}`);
    }
  });

  it('names its commands when it is asked for another', () => {
    const { status, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'run.mjs'), 'stat'], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/There is no command "stat"\. There are: start,/),
    ]);
  });
});
