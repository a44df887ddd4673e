/** `npm run sdk`: the whole client as one module, for pages that have no bundler. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleSdk, clientEntries, exportAll } from './bundle-sdk.ts';

const folder = join(import.meta.dirname, '..', '..', 'packages', 'realtime-client', 'dist');
const file = join(folder, 'realtime-client.js');
await mkdir(folder, { recursive: true });
await writeFile(file, await bundleSdk(exportAll(clientEntries)));
console.log(`built ${file}`);
