/** `npm run size`: what the SDK adds to a page, minified and gzipped. */
import { measureSizes } from './measure-sizes.ts';

for (const { what, bytes, bytesMax } of await measureSizes()) {
  const kilobytes = (count: number) => (count / 1024).toFixed(2).padStart(6);
  console.log(`${kilobytes(bytes)} KB of ${kilobytes(bytesMax)} KB  ${what}`);
  if (bytes > bytesMax) process.exitCode = 1;
}
