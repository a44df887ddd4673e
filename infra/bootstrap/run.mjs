import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commands } from './commands.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { handOver } from './hand-over.mjs';

/**
 * Every npm script of the root goes through here, on whatever Node the machine has (20 or newer): what the lock
 * file lists is installed if it is not, Node 24 among it, and then the command runs on that. Plain JavaScript
 * without dependencies, since it runs before there are any.
 *
 *     node infra/bootstrap/run.mjs <command> [arguments]
 */

const NODE_MAJOR_MIN = 20;

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const [name = '', ...args] = process.argv.slice(2);
const command = commands[name];

if (Number.parseInt(process.versions.node, 10) < NODE_MAJOR_MIN) {
  console.error(
    `This is Node ${process.version}. Node ${NODE_MAJOR_MIN} or newer is needed to begin: https://nodejs.org`,
  );
  process.exitCode = 1;
} else if (command === undefined) {
  console.error(`There is no command "${name}". There are: ${Object.keys(commands).join(', ')}.`);
  process.exitCode = 2;
} else {
  try {
    const node = await ensureInstalled(root);
    await handOver(root, node, [...command, ...args]);
  } catch (error) {
    console.error(`\n${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
