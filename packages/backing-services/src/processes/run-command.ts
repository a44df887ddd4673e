import { spawn } from 'node:child_process';
import type { SpawnOptions } from 'node:child_process';

/** Output kept of one command; more than any tool we call prints, and a bound should one run wild. */
const OUTPUT_BYTES_MAX = 8 * 1024 * 1024;

export type CommandResult = { readonly stdout: string; readonly stderr: string };

export type CommandOptions = Pick<SpawnOptions, 'cwd' | 'env' | 'uid' | 'gid'> & {
  readonly timeoutMs: number;
};

export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
}

/** Runs a program to its end. Anything but exit code 0 in time is an error with the last lines it wrote. */
export function runCommand(
  file: string,
  args: readonly string[],
  { timeoutMs, ...options }: CommandOptions,
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, [...args], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    const collect = (name: keyof typeof output) => (chunk: string) => {
      if (output[name].length < OUTPUT_BYTES_MAX) output[name] += chunk;
    };
    child.stdout.setEncoding('utf8').on('data', collect('stdout'));
    child.stderr.setEncoding('utf8').on('data', collect('stderr'));
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    child.once('error', (cause) => {
      clearTimeout(timer);
      reject(new CommandFailed(`${file} could not be run: ${cause.message}`, { cause }));
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) return resolve(output);
      const ending = timedOut ? `took longer than ${timeoutMs} ms` : `ended with ${signal ?? `code ${code}`}`;
      reject(new CommandFailed(`${file} ${ending}: ${lastLines(output.stderr || output.stdout)}`));
    });
  });
}

/** The end of a program's output, where the reason usually stands. */
export function lastLines(text: string, count = 8): string {
  return text.trim().split('\n').slice(-count).join('\n');
}
