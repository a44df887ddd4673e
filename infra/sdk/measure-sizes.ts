import { gzipSync } from 'node:zlib';
import { bundleSdk, clientEntries, exportAll } from './bundle-sdk.ts';

export interface Size {
  readonly what: string;
  /** Minified and gzipped. */
  readonly bytes: number;
  readonly bytesMax: number;
}

const [core = ''] = clientEntries;

const bundles = [
  { what: 'realtime-client, core', source: `export { createClient } from '${core}';`, bytesMax: 8 * 1024 },
  { what: 'realtime-client, everything', source: exportAll(clientEntries), bytesMax: 14 * 1024 },
  {
    what: 'realtime-react, without React and the client',
    source: exportAll(['@trunkline/realtime-react']),
    bytesMax: 3 * 1024,
    external: [new RegExp(`^${core}(/|$)`)],
  },
];

/** What a page loads for each way of using the SDK. */
export function measureSizes(): Promise<Size[]> {
  return Promise.all(
    bundles.map(async ({ what, source, bytesMax, external }) => {
      const bundle = await bundleSdk(source, external);
      return { what, bytes: gzipSync(bundle, { level: 9 }).length, bytesMax };
    }),
  );
}
