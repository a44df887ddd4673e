import { copyFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { BrowserLab } from './support/browser-lab.ts';

interface LabPage {
  readonly renders: Map<string, number>;
  readonly torn: readonly string[];
  show(shown: boolean): void;
}

const soon = { timeout: 30_000, interval: 50 };
const extension = (number: number, revision: number, status = 'online') => ({
  pbx: 'p',
  extension: String(number),
  name: null,
  status,
  lastSeenAt: '',
  revision,
});
const call = (name: string, revision: number, status: string) => ({
  pbx: 'p',
  call: name,
  status,
  revision,
  extensions: ['0'],
});

describe('React in a real Chromium, against a scripted server', { timeout: 120_000 }, () => {
  let browser: BrowserLab;
  let page: Page;

  beforeAll(async () => {
    browser = await BrowserLab.open('react-page.tsx');
    await copyFile(
      new URL(import.meta.resolve('@trunkline/realtime-react/connection-status.css')),
      browser.fileOf('page.css'),
    );
    const phones = Array.from({ length: 50 }, (_, number) => extension(number, 1));
    await browser.order('snapshot', { topic: 'extensions', snapshot: { extension_update: phones } });
    await browser.order('snapshot', { topic: 'calls', snapshot: { call_update: [call('a', 1, 'ringing')] } });
    page = await browser.page();
    await text('#calls >> nth=0', 'a ringing / ringing');
  }, 120_000);
  afterAll(() => browser[Symbol.asyncDispose]());

  const text = (selector: string, wanted: string) =>
    vi.waitFor(async () => expect(await page.locator(selector).textContent()).toBe(wanted), soon);
  const publish = (topic: string, type: string, ...rows: object[]) =>
    browser.order('publish', { topic, type, rows });
  const status = () => page.locator('.tl-connection');
  const button = () => page.getByRole('button', { name: /^Connection/ });

  it('opens one socket and asks for each topic once, also where everything is mounted twice', async () => {
    const { accepted, heard } = (await browser.order('stats')) as { accepted: number; heard: object[] };
    const asked = heard.flatMap((message) => {
      const { type, topics } = message as { type: string; topics?: { topic: string }[] };
      return type === 'subscribe' ? (topics ?? []).map(({ topic }) => topic) : [];
    });
    expect([accepted, asked.toSorted()]).toEqual([1, ['calls', 'conversation:7', 'extensions', 'pbx']]);
    expect(heard.filter((message) => (message as { type: string }).type === 'unsubscribe')).toEqual([]);
    expect(browser.errors).toEqual([]);
  });

  it('shows what changes, and renders only the tile that it is about', async () => {
    await text('#tally', '{"online":50}');
    const renders = () =>
      page.evaluate(() =>
        [...(globalThis as unknown as { lab: LabPage }).lab.renders.values()].reduce((a, b) => a + b),
      );
    const before = await renders();
    await publish('extensions', 'extension_update', extension(7, 2, 'busy'));
    await text('[data-extension="7"]', 'busy');
    await text('#tally', '{"online":49,"busy":1}');
    // Once, and once more for the strict mode.
    expect((await renders()) - before).toBeLessThanOrEqual(2);
  });

  it('an ended call is shown as ended for 5 s and then leaves', async () => {
    await publish('calls', 'call_update', call('a', 2, 'ended'));
    await text('#calls >> nth=0', 'a ended / ended');
    await text('#calls >> nth=1', ' / none');
  });

  it('no picture is torn while rows change and parts of the page come and go', async () => {
    for (let revision = 3; revision < 120; revision += 1) {
      await publish('extensions', 'extension_update', extension(0, revision));
      if (revision % 10 === 0) {
        await page.evaluate(
          (shown) => (globalThis as unknown as { lab: LabPage }).lab.show(shown),
          revision % 20 === 0,
        );
      }
    }
    await text('#revision', '119');
    expect(await page.evaluate(() => (globalThis as unknown as { lab: LabPage }).lab.torn)).toEqual([]);
  });

  it('a conversation shows what is said and that somebody thinks', async () => {
    const say = (type: string, text?: string) =>
      publish('conversation:7', type, { conversation: '7', ...(text === undefined ? {} : { text }) });
    await say('chat_message', 'Hi');
    await say('thinking_start');
    await say('chat_reply', 'there');
    await text('#chat', 'Hi there');
    expect(await page.locator('#chat').getAttribute('data-thinking')).toBe('true');
    await page.locator('#chat').click();
    await vi.waitFor(async () => {
      const { heard } = await browser.order('stats');
      expect(heard).toContainEqual(
        expect.objectContaining({
          type: 'command',
          command: expect.objectContaining({ kind: 'send_message', conversation: '7', text: 'Hello' }),
        }),
      );
    }, soon);
  });

  describe('the indicator', () => {
    const colour = () =>
      page.locator('.tl-connection-dot').evaluate((dot) => {
        const { getComputedStyle } = globalThis as unknown as {
          getComputedStyle: (node: unknown) => { borderTopColor: string };
        };
        return getComputedStyle(dot).borderTopColor;
      });

    it('is green, says Live, and has the details behind it, by mouse and by keyboard', async () => {
      expect([
        await status().getAttribute('data-state'),
        await status().locator('button').first().textContent(),
      ]).toEqual(['connected', 'Live']);
      expect(await colour()).toBe('rgb(27, 127, 69)');
      const panel = page.getByRole('group', { name: 'Connection details' });
      expect(await panel.isVisible()).toBe(false);
      await button().focus();
      await page.keyboard.press('Enter');
      expect(await button().getAttribute('aria-expanded')).toBe('true');
      await vi.waitFor(async () => expect(await panel.textContent()).toContain('Health100 of 100'), soon);
      await vi.waitFor(async () => expect(await panel.textContent()).toMatch(/Round trip\d+ ms/), soon);
      await page.keyboard.press('Escape');
      expect(await panel.isVisible()).toBe(false);
      await button().hover();
      expect(await panel.isVisible()).toBe(true);
      await page.mouse.move(0, 400);
    });

    it('is amber with the attempt and a countdown that is not read out, and offers to try at once', async () => {
      await browser.order('refuse', { code: 1011 });
      await browser.order('close', { code: 1011 });
      await vi.waitFor(
        async () =>
          expect(await status().locator('button').first().textContent()).toMatch(
            /^Reconnecting \d+\/10 · \d s$/,
          ),
        soon,
      );
      expect([await status().getAttribute('data-state'), await colour()]).toEqual([
        'reconnecting',
        'rgb(154, 91, 0)',
      ]);
      expect(await page.getByRole('status').textContent()).toMatch(/^Reconnecting, attempt \d+ of 10$/);
      expect(await page.locator('#calls >> nth=0').getAttribute('data-state')).toBe('stale');
      await browser.order('refuse', { code: null });
      await button().click();
      await page.getByRole('button', { name: 'Retry now' }).click();
      await vi.waitFor(async () => expect(await status().getAttribute('data-state')).toBe('connected'), soon);
      await page.keyboard.press('Escape');
    });

    it('is amber while updates are late', async () => {
      await browser.order('say', { rows: [{ type: 'delayed' }] });
      await vi.waitFor(async () => expect(await status().textContent()).toMatch(/Delayed \d+ s/), soon);
      await browser.order('say', { rows: [{ type: 'fresh' }] });
      await vi.waitFor(async () => expect(await status().getAttribute('data-state')).toBe('connected'), soon);
    });

    it('hides its text on small screens and keeps its name', async () => {
      await page.setViewportSize({ width: 400, height: 700 });
      expect(await page.locator('.tl-connection-text').isVisible()).toBe(false);
      expect(await button().getAttribute('aria-label')).toBe('Connection: Live');
      await page.setViewportSize({ width: 1280, height: 720 });
    });

    it('is grey when the server refuses for good', async () => {
      await browser.order('close', { code: 4403 });
      await vi.waitFor(
        async () => expect(await status().getAttribute('data-state')).toBe('disconnected'),
        soon,
      );
      expect(await colour()).toBe('rgb(91, 101, 115)');
      expect(await page.getByRole('status').textContent()).toBe('The server refused the connection');
    });
  });
});
