import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { outerNode } from './node-24.mjs';

/** npm names the cause first and its usage last, so both ends are kept. */
const HEAD_LINES = 12;
const TAIL_LINES = 8;

/** Settings of the npm that started us which would change what the inner one installs. */
const notInherited =
  /^npm_config_(workspaces?|include_workspace_root|omit|include|production|global|dry_run|loglevel|ignore_scripts)$/i;

/**
 * Runs npm in the root, silently as long as it succeeds; when it fails, the error repeats what it said.
 *
 * @param {string} root
 * @param {string[]} args
 * @param {(line: string) => void} onLine
 * @returns {Promise<void>}
 */
export async function runNpm(root, args, onLine) {
  const [file, ...first] = npmCommand();
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !notInherited.test(name)));
  const child = spawn(/** @type {string} */ (file), [...first, ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stopChild = () => child.kill('SIGTERM');
  for (const signal of stopSignals) process.on(signal, stopChild);

  /** @type {string[]} */
  const kept = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      onLine(line);
      if (/^npm (?:http|warn) /.test(line) || /^(?:npm error)?\s*$/.test(line)) return;
      kept.push(line);
      if (kept.length > HEAD_LINES + TAIL_LINES) kept.splice(HEAD_LINES, 1);
    });
  }
  try {
    const ending = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve(signal ?? code));
    });
    if (ending !== 0) throw new Error(explain(args, ending, kept));
  } finally {
    for (const signal of stopSignals) process.off(signal, stopChild);
  }
}

const stopSignals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** The npm that started us, or else the one on the PATH. */
function npmCommand() {
  const script = process.env['npm_execpath'];
  return script !== undefined && /npm-cli\.c?js$/.test(script) ? [outerNode(), script] : ['npm'];
}

/**
 * @param {string[]} args
 * @param {string | number | null} ending
 * @param {string[]} kept
 */
function explain(args, ending, kept) {
  const output = kept.map((line) => `  ${line}`).join('\n');
  const networkIsAway = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network/.test(
    output,
  );
  const remedy = networkIsAway
    ? 'The package registry cannot be reached. Check the network, or the proxy and registry that npm is set to ' +
      '(npm config get registry), then run this again; what was fetched so far is kept.'
    : 'The reason stands above. When it is solved, run this again.';
  return `npm ${args[0]} failed (${ending}). It said:\n${output}\n${remedy}`;
}
