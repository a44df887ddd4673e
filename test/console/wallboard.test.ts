import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { axe, ConsoleLab, soonMs } from './support/console-lab.ts';

const soon = { timeout: soonMs, interval: 50 };

/** One fleet, one browser, and one page of a supervisor that each test leaves as it found it. */
describe('the wallboard in a real Chromium, before the real API and push', { timeout: 300_000 }, () => {
  let lab: ConsoleLab;
  let page: Page;

  beforeAll(async () => {
    lab = await ConsoleLab.open();
    page = await lab.page({ person: 'sam' });
    await tile('1001').waitFor();
  }, 400_000);
  afterAll(() => lab[Symbol.asyncDispose]());

  const tile = (number: string): Locator => page.locator(`[data-key$="/${number}"]`);
  const tileText = (number: string) => tile(number).innerText();
  const counter = (word: string): Locator => page.getByRole('button', { name: new RegExp(`^${word} `) });
  const counted = async (word: string) => Number((await counter(word).innerText()).split(/\s+/).at(-1));
  const connection = () => page.getByRole('button', { name: /^Connection/ });
  const until = (holds: () => Promise<void>) => vi.waitFor(holds, soon);
  const place = () =>
    lab.fleet.simulator.control.place({ kind: 'inbound', from: '+31611223344', to: '1003' });

  it('shows every phone, and follows a call as it rings, is answered and ends', async () => {
    await until(async () => expect([await counted('Online'), await counted('Ringing')]).toEqual([10, 0]));
    const call = place();
    call.ring();
    await until(async () => expect(await tileText('1003')).toMatch(/1003[\s\S]*Ringing/));
    expect(await tile('1003').getAttribute('data-state')).toBe('ringing');
    expect(await counted('Ringing')).toBe(1);
    // The name of a tile is what it shows, with the way of the call in words.
    await page.getByRole('button', { name: /1003.* Ringing from \+31611223344/ }).waitFor();
    call.answer();
    await until(async () => expect(await tile('1003').getAttribute('data-state')).toBe('incall'));
    const before = await tile('1003').locator('[data-since]').innerText();
    await until(async () => expect(await tile('1003').locator('[data-since]').innerText()).not.toBe(before));
    call.hangUp('1003');
    await until(async () => expect(await counted('Online')).toBe(10));
  });

  it('keeps filters in the address, counts what they leave, and clears them by Escape', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('100');
    await until(async () => expect(new URL(page.url()).searchParams.get('q')).toBe('100'));
    await until(async () =>
      expect([await counted('Online'), await page.locator('[data-key]').count()]).toEqual([9, 9]),
    );
    await counter('Busy').click();
    await page.getByText('No “100” is busy.').waitFor();
    expect(await counter('Busy').getAttribute('aria-pressed')).toBe('true');
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await until(async () =>
      expect([new URL(page.url()).search, await page.locator('[data-key]').count()]).toEqual(['', 10]),
    );
    await page.goBack();
    await counter('Busy').and(page.locator('[aria-pressed=true]')).waitFor();
    await page.getByRole('button', { name: 'Clear the filter' }).click();
    await until(async () => expect(await counted('Online')).toBe(10));
  });

  it('is walked by keys: arrows lead, Enter opens, Escape leads back', async () => {
    await tile('1001').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    const panel = page.getByRole('complementary');
    await panel.getByRole('heading', { name: /^1002/ }).waitFor();
    expect(new URL(page.url()).searchParams.get('phone')).toMatch(/\/1002$/);
    await panel.getByText('simulated · connected').waitFor();
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    await until(async () =>
      expect(await page.evaluate('document.activeElement?.getAttribute("data-key")')).toMatch(/1002$/),
    );
    expect(await page.locator('[data-key][tabindex="0"]').count()).toBe(1);
  });

  it('never shows plain green for a PBX that is lost, and has calls back that went on', async () => {
    const call = place();
    call.ring();
    call.answer();
    await until(async () => expect(await tile('1003').getAttribute('data-state')).toBe('incall'));
    lab.fleet.simulator.control.fault({ kind: 'drop', how: 'reset' });
    await page.getByText(/unverified since \d\d:\d\d:\d\d/).waitFor();
    await until(async () => expect(await tile('1003').getAttribute('data-state')).toBe('online'));
    expect(await page.locator('section[data-fresh=unverified]').count()).toBe(1);
    expect(await page.getByRole('status').allInnerTexts()).toEqual(
      expect.arrayContaining([expect.stringMatching(/simulated: link lost/)]),
    );
    await page.getByText('simulated is back, 10 states verified').waitFor();
    await until(async () => expect(await tile('1003').getAttribute('data-state')).toBe('incall'));
    call.hangUp('1003');
    await until(async () => expect(await counted('Online')).toBe(10));
  });

  it('says that it is stale while push is away, counts down, and has missed nothing afterwards', async () => {
    await lab.killPush();
    await page.getByRole('button', { name: /^Connection: Reconnecting/ }).waitFor();
    await page.getByText(/as of \d\d:\d\d:\d\d · /).waitFor();
    expect(await tile('1001').locator('[data-since]').innerText()).toMatch(/\+$/);
    const call = place();
    call.ring();
    await connection().click();
    await page.getByRole('dialog', { name: 'Connection to Trunkline' }).getByText('Next try').waitFor();
    expect(await axe(page)).toEqual([]);
    await lab.startPush();
    await page.getByRole('button', { name: 'Retry now' }).click();
    await page.getByRole('button', { name: 'Connection: Live' }).waitFor();
    await until(async () => expect(await tile('1003').getAttribute('data-state')).toBe('ringing'));
    await page.keyboard.press('Escape');
    call.hangUp('+31611223344');
    await until(async () => expect(await counted('Online')).toBe(10));
  });

  it('stands still while it is paused, and says what waits', async () => {
    await page.keyboard.press('p');
    const call = place();
    call.ring();
    await page.getByText(/Paused .* [1-9]\d* changes waiting/).waitFor();
    expect(await tile('1003').getAttribute('data-state')).toBe('online');
    await page.keyboard.press('p');
    await until(async () => expect(await tile('1003').getAttribute('data-state')).toBe('ringing'));
    call.hangUp('+31611223344');
    await until(async () => expect(await counted('Online')).toBe(10));
  });

  it('fits walls and phones, in both themes, without a fault that axe finds', async () => {
    await page.keyboard.press('f');
    await until(async () => expect(new URL(page.url()).searchParams.get('mode')).toBe('wall'));
    await connection().waitFor();
    // A wall is dark, also where the desk is light.
    await until(async () => expect(await page.locator('html').getAttribute('data-theme')).toBe('dark'));
    expect([await axe(page), await page.getByRole('navigation').count()]).toEqual([[], 0]);
    await page.keyboard.press('Escape');
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await until(async () =>
        expect(await page.locator('html').getAttribute('data-theme')).toBe(colorScheme),
      );
      for (const width of colorScheme === 'dark' ? [320, 1920] : [768, 320]) {
        await page.setViewportSize({ width, height: 800 });
        await until(async () => {
          const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
          expect(wide).toBeLessThanOrEqual(width);
        });
      }
      expect([colorScheme, await axe(page)]).toEqual([colorScheme, []]);
    }
    await page.getByRole('button', { name: /^Account/ }).click();
    await page.getByRole('menuitem', { name: 'Settings' }).click();
    await page.getByRole('dialog', { name: 'Settings' }).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).getByText('Wall mode').waitFor();
    await page.keyboard.press('Escape');
  });

  it('keeps numbers from those who may not see them, and everything from another tenant', async () => {
    const call = place();
    call.ring();
    const [agent, elsewhere] = await Promise.all([lab.page({ person: 'ana' }), lab.page({ person: 'otto' })]);
    await agent
      .getByRole('button', { name: /1003.* Ringing from [^\d]*\d{2,3}$/ })
      .or(agent.locator('[data-key$="/1003"][data-state=ringing]'))
      .first()
      .waitFor();
    expect(await agent.content()).not.toContain('611223344');
    await elsewhere.getByText('No extensions yet.').waitFor();
    expect(await elsewhere.content()).not.toContain('1003');
    call.hangUp('+31611223344');
    await Promise.all([agent.context().close(), elsewhere.context().close()]);
  });

  it('is signed in again after a reload without a question, and out when somebody signs out', async () => {
    await page.goto(`${lab.url}/wall?q=1003`);
    await page.getByRole('button', { name: 'Connection: Live' }).waitFor();
    expect(new URL(page.url()).search).toBe('?q=1003');
    await page.getByRole('button', { name: /^Account/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await axe(page)).toEqual([]);
    expect(await page.evaluate('JSON.stringify([localStorage, sessionStorage])')).not.toMatch(/eyJ/);
  });

  it('has complained of nothing but of push that was away', () => {
    expect(lab.errors.filter((text) => !/WebSocket connection|ERR_CONNECTION_REFUSED/.test(text))).toEqual(
      [],
    );
  });
});
