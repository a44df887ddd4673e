import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { axe, ConsoleLab, soonMs } from './support/console-lab.ts';

const soon = { timeout: soonMs, interval: 50 };

/** One fleet, and one page of an operator who may also see the installation. The block comes last: it outlives the test. */
describe("operators' pages in a real Chromium, before the real API and push", { timeout: 180_000 }, () => {
  let lab: ConsoleLab;
  let page: Page;

  beforeAll(async () => {
    lab = await ConsoleLab.open({ steersSimulator: true });
    page = await lab.page({ person: 'pat', path: '/ops/links' });
  }, 180_000);
  afterAll(() => lab[Symbol.asyncDispose]());

  const visit = async (path: string, heading: string) => {
    await page.goto(lab.url + path);
    await page.getByRole('heading', { level: 1, name: heading }).waitFor();
  };
  const talk = (from: string, to: string) => {
    const call = lab.fleet.simulator.control.place({ kind: 'internal', from, to });
    call.ring();
    call.answer();
    return call;
  };
  const statusOf = async (call: string) => {
    const [row] = await lab.fleet.rows('select status, hangup_cause as cause from call where call_key = $1', [
      call,
    ]);
    return [row?.['status'], row?.['cause']];
  };

  it('a call that the PBX lost is found by the preview and ended; one that goes on is kept', async () => {
    await page.getByText('The link is up.').waitFor();
    const talking = talk('1001', '1002');
    const lost = talk('1003', '1004');
    for (const { key } of [talking, lost])
      await vi.waitFor(async () => expect(await statusOf(key)).toEqual(['connected', null]), soon);
    lab.fleet.simulator.control.fault({ kind: 'loseHangups', share: 1 });
    lost.hangUp();
    await lab.fleet.rows(
      `update call set started_at = started_at - interval '2 hours', answered_at = answered_at - interval '2 hours',
         verified_at = verified_at - interval '2 hours' where status <> 'ended'`,
    );
    await visit('/ops/stuck', 'Stuck calls');
    await page.getByRole('button', { name: 'Dry run' }).click();
    await page
      .getByText('2 calls looked at: 1 would be ended, 1 kept. Nothing was changed.')
      .first()
      .waitFor();
    expect(await page.getByRole('table', { name: 'Would be ended' }).innerText()).toContain(lost.key);
    expect(await page.getByRole('table', { name: 'Kept: still up' }).innerText()).toContain(talking.key);
    expect(await statusOf(lost.key)).toEqual(['connected', null]);
    expect(await axe(page)).toEqual([]);

    await page.getByRole('button', { name: 'End 1 call…' }).click();
    const dialog = page.getByRole('alertdialog', { name: 'End 1 call?' });
    await dialog.getByRole('button', { name: 'Cancel' }).and(page.locator(':focus')).waitFor();
    await dialog.getByRole('button', { name: 'End 1 call' }).click();
    await page.getByText('1 call ended, 0 kept.').first().waitFor();
    expect(await statusOf(lost.key)).toEqual(['ended', 'timeout_cleanup']);
    expect(await statusOf(talking.key)).toEqual(['connected', null]);
    lab.fleet.simulator.control.heal();
    talking.hangUp();
  });

  it('each page is there, with what it is about, in both themes and at any width', async () => {
    const [{ id: run } = {}] = await lab.fleet.rows('select id from cleanup_run limit 1');
    const places = [
      ['/ops', 'Overview', 'Needs you'],
      ['/ops/cleanup', 'Cleanup runs', 'Runs'],
      ['/ops/links', 'PBX links', 'Links to PBXs'],
      ['/ops/dead-letters', 'Dead letters', null],
      ['/ops/streams', 'Streams and queues', 'Workers'],
      ['/ops/delivery', 'Delivery', 'This browser'],
      ['/ops/simulator', 'Simulator', 'Faults'],
      [`/ops/cleanup/${String(run)}`, 'Cleanup run', null],
      [`/ops/links/${lab.fleet.pbx}`, 'PBX link', 'What happened to the link'],
    ] as const;
    for (const [index, [path, title, section]] of places.entries()) {
      await visit(path, title);
      if (section !== null) await page.getByRole('heading', { level: 2, name: section }).waitFor();
      await vi.waitFor(async () => expect(await page.getByLabel('Loading').count()).toBe(0), soon);
      // Wide and narrow, light and dark by turns: to ask axe takes its time.
      if (index % 2 === 0) expect([path, await axe(page)]).toEqual([path, []]);
      await page.setViewportSize({ width: 320, height: 700 });
      if (index % 2 === 1) expect([path, await axe(page)]).toEqual([path, []]);
      const overflow = await page.evaluate<number>(
        `(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('main'))`,
      );
      expect([path, overflow]).toEqual([path, 0]);
      await page.setViewportSize({ width: 1440, height: 900 });
      if (index % 3 === 1) await page.getByRole('button', { name: /theme$/ }).click();
    }
    await page
      .getByText(/^\d+ of 100/)
      .first()
      .waitFor();
    const supervisor = await lab.page({ person: 'sam', path: '/ops/dead-letters' });
    await supervisor.getByText("You don't have access to dead letters.").waitFor();
    await supervisor.context().close();
  });

  it('is steered by keys: rows are walked, selected and opened, and one goes anywhere by name', async () => {
    for (const seq of [1, 2, 3])
      await lab.fleet.rows(
        `insert into dead_letter (id, group_name, shard, entry_id, source, epoch, seq, type, payload, error, attempts)
         values ($1, 'lifecycle', 0, $2, $3, 1, $4, 'call.ringing', '{}', 'it was a bad day', 3)`,
        [randomUUID(), `${seq}-0`, lab.fleet.pbx, seq],
      );
    await visit('/ops/dead-letters', 'Dead letters');
    const letters = page.getByRole('table').filter({ has: page.getByRole('checkbox') });
    await letters.getByRole('checkbox').nth(2).waitFor();
    for (const key of ['j', 'x', 'j', 'j', 'Shift+X']) await page.keyboard.press(key);
    await page.getByText('3 selected').waitFor();
    await page.keyboard.press('k');
    await page.keyboard.press('.');
    await page
      .getByRole('dialog')
      .or(page.getByRole('complementary'))
      .getByText('it was a bad day')
      .first()
      .waitFor();
    expect(await axe(page)).toEqual([]);
    expect(await lab.fleet.rows(`select from dead_letter where state <> 'parked'`)).toEqual([]);
    await page.keyboard.press('Escape');

    await page.keyboard.press('ControlOrMeta+k');
    const palette = page.getByRole('dialog', { name: 'Go to' });
    await palette.getByRole('combobox').fill('1003');
    await palette.getByRole('option', { name: /^1003/ }).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByRole('complementary').getByRole('heading', { name: /^1003/ }).waitFor();
    await palette.waitFor({ state: 'detached' });
  });

  it('a PBX that blocks us is shown with a countdown and nothing to reconnect by', async () => {
    await visit('/ops/links', 'PBX links');
    const row = page.getByRole('table', { name: 'Links to PBXs' }).getByRole('row').last();
    await row.getByText('Connected').waitFor();
    lab.fleet.simulator.control.fault({ kind: 'block', ms: 60_000 });
    lab.fleet.simulator.control.fault({ kind: 'drop', how: 'reset' });
    await row.getByText('Blocked by the PBX').waitFor();
    const left = () => row.getByText(/\(\d+:\d+|\(\d+ s\)/).innerText();
    const before = await left();
    await vi.waitFor(async () => expect(await left()).not.toBe(before), soon);
    expect(
      await page
        .getByRole('main')
        .getByRole('button', { name: /reconnect|retry/i })
        .count(),
    ).toBe(0);

    await row.getByRole('link', { name: 'Why?' }).click();
    await page.getByText('We don’t try before the block ends').waitFor();
    await page
      .getByRole('listitem')
      .filter({ hasText: 'Blocked by the PBX' })
      .and(page.locator('[aria-current=step]'))
      .waitFor();
    await page.getByText('Connected → Link lost').first().waitFor();
    expect(
      await page
        .getByRole('main')
        .getByRole('button', { name: /reconnect|retry/i })
        .count(),
    ).toBe(0);
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press('g');
    await page.keyboard.press('o');
    await page.getByText(/has blocked our address; no attempt for/).waitFor();
    expect(lab.errors).toEqual([]);
  });
});
