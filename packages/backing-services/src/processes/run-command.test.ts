import { describe, expect, it } from 'vitest';
import { CommandFailed, runCommand } from './run-command.ts';

const node = (script: string, timeoutMs = 10_000) =>
  runCommand(process.execPath, ['-e', script], { timeoutMs });

describe('runCommand', () => {
  it('gives what was written', async () => {
    expect(await node("console.log('out'); console.error('err')")).toEqual({
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  it('fails with the code and the last lines', async () => {
    const failing = node("for (let i = 0; i < 100; i += 1) console.error('line', i); process.exit(3)");
    await expect(failing).rejects.toThrow(/ended with code 3: line 92\n.*line 99$/s);
    await expect(failing).rejects.toBeInstanceOf(CommandFailed);
  });

  it('ends what takes too long', async () => {
    await expect(node('setInterval(() => {}, 1000)', 100)).rejects.toThrow(/took longer than 100 ms/);
  });

  it('says when there is no such program', async () => {
    await expect(runCommand('no-such-program', [], { timeoutMs: 100 })).rejects.toThrow(/could not be run/);
  });
});
