import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { sleep } from '@trunkline/service-kit';
import type { Page } from 'playwright-core';

const viewMs = 60_000;
const lookEveryMs = 50;

/** Plain JavaScript for each document: when its first tile stood there and the main thread was free again. */
const look = `(() => {
  const seen = () => {
    if (document.querySelector('[data-key]') === null) return requestAnimationFrame(seen);
    requestAnimationFrame(() => setTimeout(() => { globalThis.benchInteractiveAt = performance.timeOrigin + performance.now(); }));
  };
  requestAnimationFrame(seen);
})()`;

/**
 * From asking for the wallboard to a wallboard that answers: an empty cache, the way over the issuer and back (somebody who
 * is signed in there is asked nothing), the connection, the snapshot and the first picture.
 */
export async function firstView(page: Page, url: string): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.clearBrowserCache');
  await session.detach();
  const startedAt = performance.timeOrigin + performance.now();
  await page.goto(url);
  const deadline = performance.now() + viewMs;
  while (performance.now() < deadline) {
    // On the way to the issuer and back documents come and go under the question.
    const at = await page.evaluate<number | null>('globalThis.benchInteractiveAt ?? null').catch(() => null);
    if (at !== null) return Math.round(at - startedAt);
    await sleep(lookEveryMs);
  }
  throw new Error(`the wallboard could not be used within ${viewMs} ms; the page is ${page.url()}`);
}

export const prepareFirstView = (page: Page): Promise<unknown> => page.addInitScript(look);

/** KiB of gzip that a browser loads before it shows anything: what the page names, and what that imports. */
export function initialScriptKib(folder: string): number {
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  const wanted = [...html.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map(([, name = '']) => name);
  const bytes = wanted.reduce(
    (sum, name) => sum + gzipSync(readFileSync(join(folder, name)), { level: 9 }).length,
    0,
  );
  return Math.round((bytes / 1_024) * 10) / 10;
}
