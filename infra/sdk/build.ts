/** `npm run sdk`: the whole client as one module, for pages that have no bundler, and the packages as they are published. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleSdk, clientEntries, exportAll } from './bundle-sdk.ts';
import { packageSdk, publishedRooms } from './package-sdk.ts';

const rooms = join(import.meta.dirname, '..', '..', 'packages');
const folder = join(rooms, 'realtime-client', 'dist');
const file = join(folder, 'realtime-client.js');
await mkdir(folder, { recursive: true });
await writeFile(file, await bundleSdk(exportAll(clientEntries)));
console.log(`built ${file}`);
for (const room of Object.keys(publishedRooms) as (keyof typeof publishedRooms)[]) {
  const ready = join(rooms, room, 'dist', 'package');
  await packageSdk(room, ready);
  console.log(`built ${ready}, to be published by npm publish`);
}
