import { sleep } from '@trunkline/service-kit';
import type { Page } from 'playwright-core';

export interface Visit {
  readonly done: number;
  /** Those whose effect was not seen in time. */
  readonly dropped: number;
}

const everyMs = 400;
/** Whoever waits for so long presses again. */
const patienceMs = 1_000;

/** Somebody who uses the wallboard while it changes: walks over the tiles, opens phones, closes them, filters and scrolls. */
export async function visit(page: Page, until: AbortSignal): Promise<Visit> {
  const current = () =>
    page.evaluate<string | null>(`document.activeElement?.getAttribute('data-key') ?? null`);
  const panel = page.getByRole('complementary');
  let walkedFrom: string | null = null;
  const acts: readonly (readonly [does: () => Promise<void>, isSeen: () => Promise<boolean>])[] = [
    [
      async () => {
        await page.locator('[data-key]').nth(3).focus();
        walkedFrom = await current();
        await page.keyboard.press('ArrowRight');
      },
      async () => (await current()) !== walkedFrom,
    ],
    [() => page.keyboard.press('Enter'), async () => (await panel.count()) === 1],
    [() => page.keyboard.press('Escape'), async () => (await panel.count()) === 0],
    [
      () => page.keyboard.press('/'),
      () => page.evaluate<boolean>(`document.activeElement?.matches('input[type=search]') === true`),
    ],
    [() => page.keyboard.type('12'), async () => new URL(page.url()).searchParams.get('q') === '12'],
    [
      async () => {
        await page.keyboard.press('Escape');
        await page.keyboard.press('Escape');
      },
      async () => new URL(page.url()).searchParams.get('q') === null,
    ],
    [
      () => page.mouse.wheel(0, 900),
      () => page.evaluate<boolean>(`document.querySelector('[data-key]').getBoundingClientRect().top < 0`),
    ],
    [
      () => page.mouse.wheel(0, -2_000),
      () => page.evaluate<boolean>(`document.querySelector('[data-key]').getBoundingClientRect().top > 0`),
    ],
  ];
  await page.mouse.move(700, 500);
  let [done, dropped] = [0, 0];
  // To the end of a round, so that no filter is left over.
  for (; !until.aborted || done % acts.length !== 0; done += 1) {
    const [does, isSeen] = acts[done % acts.length] ?? [];
    if (does === undefined || isSeen === undefined) break;
    await does();
    if (!(await isSoon(isSeen))) dropped += 1;
    await sleep(everyMs);
  }
  return { done, dropped };
}

async function isSoon(isSeen: () => Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + patienceMs;
  while (!(await isSeen())) {
    if (performance.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}
