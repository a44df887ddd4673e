import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { BrowserLab } from './support/browser-lab.ts';
import { renderersOf } from './support/find-chromium.ts';

interface LabPage {
  readonly told: string[];
  readonly journal: string[];
  isLive(): boolean;
  readonly client: {
    getStatus(): { readonly since: number | null; readonly connectionError: string | null };
  };
  readonly storage: {
    put(command: object): Promise<void>;
    load(): Promise<readonly { readonly key: string }[]>;
    remove(key: string): Promise<void>;
  };
}

const soon = { timeout: 30_000, interval: 50 };
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Polled from here: what a page waits for by itself stands still where the page does. */
async function until(page: Page, holds: () => boolean): Promise<void> {
  await vi.waitFor(async () => expect(await page.evaluate(holds)).toBe(true), soon);
}
const isLive = () => (globalThis as unknown as { lab: LabPage }).lab.isLive();
const isLost = () => !(globalThis as unknown as { lab: LabPage }).lab.isLive();
const journalOf = (page: Page) =>
  page.evaluate(() => (globalThis as unknown as { lab: LabPage }).lab.journal);
const toldOf = (page: Page) => page.evaluate(() => (globalThis as unknown as { lab: LabPage }).lab.told);

describe('the client in a real Chromium, against a scripted server', { timeout: 120_000 }, () => {
  let browser: BrowserLab;
  let count = 0;

  beforeAll(async () => {
    browser = await BrowserLab.open('client-page.ts');
  }, 120_000);
  afterAll(() => browser[Symbol.asyncDispose]());

  const publish = () => {
    const notification = `n${(count += 1)}`;
    return browser
      .order('publish', { topic: 'user:ana', type: 'notification', rows: [{ user: 'ana', notification }] })
      .then(() => notification);
  };
  const hears = (page: Page, notification: string) =>
    vi.waitFor(async () => expect(await journalOf(page)).toContain(notification), soon);

  it('connects by the address of the page, and hears what is published', async () => {
    const page = await browser.page();
    await until(page, isLive);
    await hears(page, await publish());
    await page.close();
  });

  it('goes on where it was after the network was away', async () => {
    const page = await browser.page();
    await until(page, isLive);
    await browser.context.setOffline(true);
    // Offline pages keep their sockets in Chromium; the server loses them as a dead network would.
    await browser.order('close', { code: 1001 });
    await until(page, isLost);
    const missed = [await publish(), await publish()];
    await browser.context.setOffline(false);
    await until(page, isLive);
    await hears(page, missed[1] ?? '');
    expect(await journalOf(page)).toEqual(missed);
    await page.close();
  });

  it('notices a server that is frozen, and comes back when it thaws', async () => {
    const page = await browser.page();
    await until(page, isLive);
    browser.push.kill('SIGSTOP');
    await until(page, isLost);
    browser.push.kill('SIGCONT');
    await until(page, isLive);
    await hears(page, await publish());
    expect(await toldOf(page)).toContain('health_degraded');
    await page.close();
  });

  it('that is frozen itself asks when it wakes, and keeps a connection that answers', async () => {
    const page = await browser.page();
    await until(page, isLive);
    const before = (await browser.order('stats')).accepted;
    const renderers = renderersOf(browser.profile);
    expect(renderers.length).toBeGreaterThan(0);
    for (const pid of renderers) process.kill(pid, 'SIGSTOP');
    const missed: string[] = [];
    try {
      // Longer than the page would wait for an answer, if its timers were believed.
      for (let second = 0; second < 8; second += 1) {
        missed.push(await publish());
        await sleep(1_000);
      }
    } finally {
      for (const pid of renderers) process.kill(pid, 'SIGCONT');
    }
    await hears(page, missed.at(-1) ?? '');
    expect(await journalOf(page)).toEqual(missed);
    await sleep(4_000);
    expect([await toldOf(page), (await browser.order('stats')).accepted]).toEqual([['connected'], before]);
    await page.close();
  });

  it('two tabs share one socket, and the other goes on when the one that holds it is closed', async () => {
    const first = await browser.page('?share');
    await until(first, isLive);
    const second = await browser.page('?share');
    await until(second, isLive);
    expect((await browser.order('stats')).sockets).toBe(1);
    const heard = await publish();
    await Promise.all([hears(first, heard), hears(second, heard)]);
    await first.close();
    const missed = await publish();
    await hears(second, missed);
    await until(second, isLive);
    await hears(second, await publish());
    expect(await journalOf(second)).toEqual([...new Set(await journalOf(second))]);
    await vi.waitFor(async () => expect((await browser.order('stats')).sockets).toBe(1), soon);
    await second.close();
  });

  it('a tab in the background stays connected while its timers are held back', async () => {
    const page = await browser.page();
    await until(page, isLive);
    const { accepted } = await browser.order('stats');
    const other = await browser.context.newPage();
    await other.bringToFront();
    // What happens to a page that has been hidden for long, without waiting for it: timers ring rarely and late.
    await page.evaluate(() => {
      const world = globalThis as unknown as { setTimeout: (callback: () => void, ms: number) => number };
      const { setTimeout: real } = world;
      world.setTimeout = (callback, ms) => real(callback, Math.max(ms, 6_000));
    });
    await sleep(20_000);
    await hears(page, await publish());
    expect([await toldOf(page), (await browser.order('stats')).accepted]).toEqual([['connected'], accepted]);
    const pongs = (await browser.order('stats')).heard.filter(({ type }) => type === 'pong').length;
    await vi.waitFor(async () => {
      const now = (await browser.order('stats')).heard.filter(({ type }) => type === 'pong').length;
      expect(now).toBeGreaterThan(pongs);
    }, soon);
    await other.close();
    await page.close();
  });

  it('keeps commands in IndexedDB over a reload', async () => {
    const page = await browser.page();
    await page.evaluate(() =>
      (globalThis as unknown as { lab: LabPage }).lab.storage.put({
        key: 'k1',
        wanted: {},
        principal: 'p',
        storedAt: 1,
        expiresAt: 2,
      }),
    );
    await page.reload();
    const keys = () =>
      page.evaluate(async () => {
        const stored = await (globalThis as unknown as { lab: LabPage }).lab.storage.load();
        return stored.map(({ key }) => key);
      });
    expect(await keys()).toEqual(['k1']);
    await page.evaluate(() => (globalThis as unknown as { lab: LabPage }).lab.storage.remove('k1'));
    expect(await keys()).toEqual([]);
    await page.close();
  });
});
