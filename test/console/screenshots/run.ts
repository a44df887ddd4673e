/**
 * `npm run screenshots -- [--only NAME,…]`: pictures of the console for README and docs, of a fleet with simulated PBXs that
 * goes through the same day each time. Only the clock differs.
 */
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkoutPaths } from '@trunkline/backing-services';
import { startTestServers } from '@trunkline/backing-services/testing';
import { endWhenIdle } from '@trunkline/service-kit';
import { Camera } from './camera.ts';
import { openOffices } from './offices.ts';
import { pictures } from './pictures.ts';

/** Repositories keep every version of a picture for ever. */
const kilobytesMax = 200;

endWhenIdle();
const { values } = parseArgs({ options: { only: { type: 'string' } } });
const only = values.only?.split(',');
const unknown = only?.filter((name) => !pictures.some((picture) => picture.name === name)) ?? [];
if (unknown.length > 0) {
  console.error(
    `There is no picture ${unknown.join(', ')}. There are: ${pictures.map(({ name }) => name).join(', ')}.`,
  );
  process.exitCode = 2;
} else await takeAll();

async function takeAll(): Promise<void> {
  const folder = join(checkoutPaths().root, 'docs/screenshots');
  await mkdir(folder, { recursive: true });
  await using servers = await startTestServers((line) => console.log(line));
  console.log(`with ${servers.label}`);
  await using offices = await openOffices();
  await using camera = new Camera(offices.lab, folder);
  for (const { name, look, before, path, show } of pictures) {
    // What a picture leaves behind the next ones find, so that all stages are gone through whichever are wanted.
    await before?.(offices);
    if (only?.includes(name) === false) continue;
    const file = await camera.take({ name, look, path, show: (page) => show(page, offices) });
    const kilobytes = Math.round((await stat(file)).size / 1_000);
    console.log(`${file} ${kilobytes} kB`);
    if (kilobytes > kilobytesMax) {
      console.error(`${name} is larger than ${kilobytesMax} kB: show less of it, or a smaller window.`);
      process.exitCode = 1;
    }
  }
}
