import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { axe, ConsoleLab, soonMs } from './support/console-lab.ts';

const soon = { timeout: soonMs, interval: 50 };
const caller = '+31611223344';

/** One fleet, and a supervisor's browser; what is lost here is the connection, the session, a tab or the link. */
describe('what is lost and comes back in a real Chromium', { timeout: 180_000 }, () => {
  let lab: ConsoleLab;
  let page: Page;

  beforeAll(async () => {
    lab = await ConsoleLab.open();
    page = await lab.page({ person: 'sam', path: '/calls' });
    await page.evaluate(`localStorage.setItem('trunkline.settings', '{"myPhones":["1003"]}')`);
    await page.reload();
    await isLive();
  }, 180_000);
  afterAll(() => lab[Symbol.asyncDispose]());

  const until = (holds: () => Promise<void>) => vi.waitFor(holds, soon);
  const connection = (words: string | RegExp, on = page): Locator => on.getByRole('button', { name: words });
  const isLive = (on = page) => connection('Connection: Live', on).waitFor();
  const dialog = (on = page) => on.getByRole('dialog', { name: 'Incoming call' });
  /** Those tabs in which a ring is heard. */
  const ringing = async (tabs: readonly Page[]): Promise<Page[]> => {
    const heard = tabs.map((tab) => tab.getByRole('button', { name: /^Ring: Ringing now/ }).count());
    const counts = await Promise.all(heard);
    return tabs.filter((_tab, index) => counts[index] === 1);
  };
  /** The calls that are open in the database. */
  const stored = async (): Promise<unknown[]> => {
    const open = await lab.fleet.rows(`select status from call where status <> 'ended' order by status`);
    return open.map(({ status }) => status);
  };
  const rows = (on = page): Locator => on.locator('[data-call-row]:not([data-ended])');
  const rowsRead = async (on = page): Promise<string[]> =>
    (await rows(on).allInnerTexts())
      .map((text) => /Ringing|Connected|On hold|Calling/.exec(text)?.[0] ?? text)
      .toSorted();
  const keys = (): Promise<string[]> =>
    page.evaluate<string[]>(
      `[...document.querySelectorAll('[data-call-row]:not([data-ended])')].map((row) => row.dataset.callRow).toSorted()`,
    );
  const place = (to = '1003', from = caller) => {
    const call = lab.fleet.simulator.control.place({ kind: 'inbound', from, to });
    call.ring();
    return call;
  };
  /** By the tokens of the theme: `--warn` and what is drawn in it. */
  const isDrawnIn = (token: string): Promise<boolean> =>
    page.evaluate<boolean>(`(() => {
      const probe = document.body.appendChild(document.createElement('i'));
      probe.style.setProperty('color', 'var(${token})');
      const wanted = getComputedStyle(probe).color;
      probe.remove();
      const button = [...document.querySelectorAll('button')].find((one) => one.textContent.startsWith('Connection: '));
      return getComputedStyle(button).color === wanted;
    })()`);

  it('push is killed: amber and counting down, then green by itself, and nothing was missed', async () => {
    const [answered, ended] = [place('1001'), place('1002')];
    await until(async () => expect(await rowsRead()).toEqual(['Ringing', 'Ringing']));
    expect(await isDrawnIn('--ok')).toBe(true);
    await lab.killPush();
    const counting = connection(/^Connection: Reconnecting \d+\/10 · \d+ s$/);
    await counting.waitFor();
    expect(await isDrawnIn('--warn')).toBe(true);
    const before = await counting.innerText();
    await until(async () =>
      expect(await connection(/^Connection: Reconnecting/).innerText()).not.toBe(before),
    );
    // Nobody tells a browser of what happens now; all of it is in the database before push is there again.
    answered.answer();
    ended.hangUp(caller);
    const unseen = place('1005', '+31644556677');
    const begunAndEnded = place('1004', '+31655667788');
    begunAndEnded.hangUp('+31655667788');
    await until(async () => expect(await stored()).toEqual(['connected', 'ringing']));
    expect(await page.getByText('+31644556677').count()).toBe(0);
    await lab.startPush();
    await isLive();
    expect(await isDrawnIn('--ok')).toBe(true);
    await until(async () => expect(await rowsRead()).toEqual(['Connected', 'Ringing']));
    expect(await rows().filter({ hasText: '+31644556677' }).count()).toBe(1);
    answered.hangUp('1001');
    unseen.hangUp('+31644556677');
    await until(async () => expect(await rowsRead()).toEqual([]));
  });

  it('two tabs share one socket, one of them rings, and the other goes on with both when it is closed', async () => {
    await until(async () => expect(await lab.pushSockets()).toBe(1));
    const second = await lab.watched(page.context());
    await second.goto(`${lab.url}/calls`);
    await isLive(second);
    // A click allows the sound in either of them.
    const tabs = [page, second];
    for (const tab of tabs) {
      await tab.getByRole('heading', { level: 1 }).click();
      await tab.getByRole('button', { name: /^Ring: Calls ring here/ }).waitFor();
    }
    const call = place('1003');
    for (const tab of tabs) await dialog(tab).waitFor();
    await until(async () => expect((await ringing(tabs)).length).toBe(1));
    expect(await lab.pushSockets()).toBe(1);
    const [loud = page] = await ringing(tabs);
    await loud.close();
    page = loud === page ? second : page;
    await until(async () => expect(await ringing([page])).toEqual([page]));
    call.answer();
    await dialog().waitFor({ state: 'detached' });
    await until(async () => expect([await rowsRead(), await ringing([page])]).toEqual([['Connected'], []]));
    await until(async () => expect(await lab.pushSockets()).toBe(1));
    await isLive();
    call.hangUp('1003');
    await until(async () => expect(await rowsRead()).toEqual([]));
  });

  it('a PBX that reconnects brings back the calls that go on, under the same names', async () => {
    const [talking, ringing] = [place('1001'), place('1003', '+31655667788')];
    talking.answer();
    await dialog().waitFor();
    await until(async () => expect(await rowsRead()).toEqual(['Connected', 'Ringing']));
    const before = await keys();
    lab.fleet.simulator.control.fault({ kind: 'drop', how: 'reset' });
    await dialog().waitFor({ state: 'detached' });
    await until(async () => expect(await rowsRead()).toEqual([]));
    await page.getByText('simulated is back and verified').waitFor();
    await until(async () => expect(await rowsRead()).toEqual(['Connected', 'Ringing']));
    expect(await keys()).toEqual(before);
    await dialog().waitFor();
    ringing.hangUp('+31655667788');
    talking.hangUp('1001');
    await dialog().waitFor({ state: 'detached' });
    await until(async () => expect(await rowsRead()).toEqual([]));
  });

  it('somebody of another tenant sees nothing of a call: no row, no dialog, no page, no history', async () => {
    const call = place('1003');
    await dialog().waitFor();
    const [key = ''] = await keys();
    const stranger = await lab.page({ person: 'otto', path: '/calls' });
    await stranger.evaluate(
      `localStorage.setItem('trunkline.settings', '{"myPhones":["1003"],"followsAll":true}')`,
    );
    await stranger.reload();
    await isLive(stranger);
    await stranger.getByText('No calls just now.').waitFor();
    const seen = [await stranger.content()];
    await stranger.goto(`${lab.url}/calls/${key}`);
    await stranger
      .getByText(/no such call/i)
      .first()
      .waitFor();
    seen.push((await stranger.getByRole('main').innerText()).replaceAll(key, ''));
    call.hangUp(caller);
    await until(async () => expect(await rowsRead()).toEqual([]));
    await stranger.goto(`${lab.url}/history`);
    await isLive(stranger);
    await stranger
      .getByRole('main')
      .getByText(/^No call/)
      .first()
      .waitFor();
    seen.push(await stranger.content());
    expect(await stranger.getByRole('dialog').count()).toBe(0);
    for (const text of seen) expect(text).not.toMatch(/611223344|>1003</);
    await stranger.context().close();
  });

  it('a revoked token asks to sign in, keeps the work that lies there, and leads back to it', async () => {
    const call = place('1001');
    call.answer();
    await until(async () => expect(await rowsRead()).toEqual(['Connected']));
    await rows().getByRole('button').first().click();
    const panel = page.getByRole('complementary');
    await panel.getByRole('heading', { name: 'Timeline' }).waitFor();
    const address = page.url();
    const { tenant } = lab.fleet;
    // Whatever the issuer gives in the next minutes is taken back as well, or the page would renew its token and go on.
    await lab.revocations.revokeTokens({ tenant, user: 'sam', at: Date.now() + 600_000 });
    await page.getByText('Your session has ended. Sign in to continue; this page is kept.').waitFor();
    await connection('Connection: Sign in again').waitFor();
    expect([page.url(), await panel.count(), await rowsRead()]).toEqual([address, 1, ['Connected']]);
    expect(await axe(page)).toEqual([]);
    await lab.revocations.revokeTokens({ tenant, user: 'sam', at: 0 });
    await page.getByRole('button', { name: 'Sign in', exact: true }).first().click();
    await isLive();
    await panel.getByRole('heading', { name: 'Timeline' }).waitFor();
    expect(page.url()).toBe(address);
    await page.keyboard.press('Escape');
    call.hangUp('1001');
    await until(async () => expect(await rowsRead()).toEqual([]));
  });

  it('has complained of nothing but of push that was away', () => {
    const expected = /WebSocket connection|ERR_CONNECTION_REFUSED|404 \(Not Found\)|401 \(Unauthorized\)/;
    expect(lab.errors.filter((text) => !expected.test(text))).toEqual([]);
  });
});
