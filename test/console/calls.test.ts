import { readFile } from 'node:fs/promises';
import { createContact } from '@trunkline/contacts';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { axe, ConsoleLab, soonMs } from './support/console-lab.ts';

const soon = { timeout: soonMs, interval: 50 };

/** One fleet, one browser, and one page of a supervisor who answers 1003; each test leaves it without a call. */
describe('calls in a real Chromium, before the real API and push', { timeout: 120_000 }, () => {
  let lab: ConsoleLab;
  let page: Page;

  beforeAll(async () => {
    lab = await ConsoleLab.open();
    page = await lab.page({ person: 'sam', path: '/calls' });
    await page.getByRole('button', { name: /^Account/ }).click();
    await page.getByRole('menuitem', { name: 'Settings' }).click();
    await page.getByRole('textbox', { name: 'My phones' }).fill('1003, 1004');
    await page.keyboard.press('Escape');
    // Clicks and keys have unlocked the sound.
    await isQuiet();
  }, 180_000);
  afterAll(() => lab[Symbol.asyncDispose]());

  const until = (holds: () => Promise<void>) => vi.waitFor(holds, soon);
  const dialog = () => page.getByRole('dialog', { name: 'Incoming call' });
  const rings = () => page.getByRole('button', { name: /^Ring: Ringing now/ }).waitFor();
  const isQuiet = () => page.getByRole('button', { name: /^Ring: Calls ring here/ }).waitFor();
  const table = () => page.getByRole('table', { name: 'Live calls' });
  const row = (text: string) => page.locator('[data-call-row]').filter({ hasText: text });
  const isEmpty = () => page.getByText('No calls just now.').waitFor();
  const place = (to = '1003', from = '+31611223344') => {
    const call = lab.fleet.simulator.control.place({ kind: 'inbound', from, to });
    call.ring();
    return call;
  };

  it('a call rings in a dialog and aloud, stands in the list, is answered, and ends', async () => {
    const written = { name: 'Maria Costa', company: 'Porto Wines', numbers: [{ number: '+31611223344' }] };
    const { database, tenant } = lab.fleet;
    await database.run((tx) => createContact(tx, tenant, written));
    const call = place();
    await dialog().waitFor();
    await rings();
    await dialog().getByText('Maria Costa, Porto Wines').waitFor();
    expect(await dialog().innerText()).toMatch(/\+31611223344[\s\S]*1003/);
    expect(await page.title()).toBe('(1) Ringing · Trunkline');
    expect(await page.locator('[aria-live=assertive]').innerText()).toMatch(/from .*\+31611223344.* to 1003/);
    await table().getByText('Ringing', { exact: true }).waitFor();
    await row('Maria Costa, Porto Wines').waitFor();
    expect(await axe(page)).toEqual([]);
    call.answer();
    await dialog().waitFor({ state: 'detached' });
    await isQuiet();
    await table().getByText('Connected', { exact: true }).first().waitFor();
    call.hangUp('1003');
    await row('Hung up').and(page.locator('[data-ended]')).waitFor();
    await isEmpty();
    expect(await page.title()).toBe('Live calls · Trunkline');
  });

  it('a PBX that is lost during calls takes dialog, sound, states and calls with it within a second of its loss', async () => {
    await page.getByRole('link', { name: 'Wall', exact: true }).click();
    const talking = place('1004', '+31655667788');
    talking.answer();
    place();
    await dialog().waitFor();
    await rings();
    await page.locator('[data-key$="/1003"][data-state=ringing]').waitFor();
    await page.locator('[data-key$="/1004"][data-state=incall]').waitFor();
    await page.getByRole('link', { name: /^Calls\s*2$/ }).waitFor();
    // When each of what must go is gone, by the clock that this process and the browser share.
    await page.evaluate(`(() => {
      const marks = globalThis.marks = {};
      const state = (number) => document.querySelector('[data-key$="/' + number + '"]')?.dataset.state;
      const holds = {
        closed: () => !document.querySelector('[role=dialog]'),
        quiet: () => !document.querySelector('[aria-label^="Ring: Ringing now"]'),
        reset: () => state('1003') === 'online' && state('1004') === 'online',
        ended: () => !/\\d/.test(document.querySelector('nav a[href="/calls"]').textContent),
      };
      const look = () => {
        for (const [name, isSo] of Object.entries(holds)) if (marks[name] === undefined && isSo()) marks[name] = Date.now();
        if (Object.keys(marks).length < Object.keys(holds).length) requestAnimationFrame(look);
      };
      look();
    })()`);
    const lostAt = Date.now();
    lab.fleet.simulator.control.fault({ kind: 'restart', downMs: 300 });
    await until(async () => {
      const gone = await page.evaluate<Record<string, number>>('globalThis.marks');
      const inTime = Object.entries(gone).map(([name, at]) => [name, at >= lostAt && at - lostAt < 1_000]);
      expect(Object.fromEntries(inTime)).toEqual({ closed: true, quiet: true, reset: true, ended: true });
    });
    await page.getByText('simulated is back, 10 states verified').waitFor();
    await page.getByRole('link', { name: 'Calls', exact: true }).click();
    await isEmpty();
    expect(await dialog().count()).toBe(0);
  });

  it('is steered by keys: to the dialog, out of it, and from row to row into the panel', async () => {
    const [first, second] = [place('1003'), place('1004', '+31655667788')];
    await until(async () => expect(await dialog().count()).toBe(2));
    await page.keyboard.press('i');
    await page.keyboard.press('Escape');
    await until(async () => expect(await dialog().count()).toBe(1));
    await dialog().getByRole('button', { name: 'Silence' }).click();
    await isQuiet();
    await dialog().getByRole('button', { name: 'Dismiss' }).click();
    second.hangUp('+31655667788');
    first.answer();
    await row('Connected').and(page.locator(':not([data-ended])')).waitFor();
    await until(async () => expect(await page.locator('[data-call-row]').count()).toBe(1));
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    const panel = page.getByRole('complementary');
    await panel.getByRole('heading', { name: 'Timeline' }).waitFor();
    await panel.getByRole('listitem').filter({ hasText: 'Connected' }).waitFor();
    expect(new URL(page.url()).searchParams.get('call')).not.toBeNull();
    expect(await axe(page)).toEqual([]);
    // A row is held, so a new call waits until it is asked for.
    const third = place('1005');
    await page.getByRole('button', { name: '1 new call · show' }).click();
    await row('1005').waitFor();
    third.hangUp('+31611223344');
    await panel.getByRole('button', { name: 'Hang up' }).click();
    const question = page.getByRole('alertdialog', { name: /^Hang up the call from \+31611223344 to / });
    await question.getByRole('button', { name: 'Hang up' }).click();
    await panel.getByText('Ended', { exact: true }).first().waitFor();
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    await isEmpty();
  });

  it('refuses to hang up at once while it is not connected, and stops the ring', async () => {
    const call = place();
    await dialog().waitFor();
    await rings();
    await lab.killPush();
    await page.getByText('Connection lost, this call may have ended').waitFor();
    expect(await page.getByRole('button', { name: /^Ring: Ringing now/ }).count()).toBe(0);
    await dialog().waitFor({ state: 'detached' });
    await page.locator('[data-call-row] button').first().click();
    await page.getByText('Reconnect first').waitFor();
    expect(await page.getByRole('button', { name: 'Hang up' }).isDisabled()).toBe(true);
    await page.getByText(/Stale since \d\d:\d\d:\d\d/).waitFor();
    await page.keyboard.press('Escape');
    call.hangUp('+31611223344');
    await lab.startPush();
    await page.getByRole('button', { name: /^Connection/ }).click();
    await page.getByRole('button', { name: 'Retry now' }).click();
    await page.getByRole('button', { name: 'Connection: Live' }).waitFor();
    await page.keyboard.press('Escape');
    await isEmpty();
  });

  it('the history is filtered by its address, is exported, and leads to the page of a call', async () => {
    await page.getByRole('link', { name: 'History' }).click();
    await page.locator('[data-call-row]').first().waitFor();
    await page.getByRole('combobox', { name: 'Ended as' }).selectOption('ours');
    await page.locator('[data-call-row]').getByText('closed by Trunkline').first().waitFor();
    expect(new URL(page.url()).search).toBe('?cause=ours');
    expect(await axe(page)).toEqual([]);
    // Of many only those that are seen are in the document, and all of them can be scrolled to.
    await lab.fleet.rows(
      `insert into call (tenant_id, pbx_id, call_key, started_at, word_as_of, word_said, word_rank, word_status,
         extensions, status, ended_at, hangup_cause)
       select $1, $2, 'many-' || n, now() - interval '1 hour' - n * interval '1 second', 1, 1, 0, 'ended',
         array[(2000 + n)::text], 'ended', now(), 'pbx_restarted' from generate_series(1, 150) n`,
      [lab.fleet.tenant, lab.fleet.pbx],
    );
    await page.getByRole('button', { name: 'Read again' }).click();
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.getByText(/^15\d shown$/).waitFor();
    await until(async () => {
      await page.evaluate(`document.querySelector('[role=table]').parentElement.scrollTop = 1e6`);
      expect(await row('2150').count()).toBe(1);
    });
    expect(await page.locator('[data-call-row]').count()).toBeLessThan(60);
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export CSV' }).click();
    const file = await downloading;
    expect(file.suggestedFilename()).toMatch(/^calls-\d{4}-\d\d-\d\d\.csv$/);
    const lines = (await readFile(await file.path(), 'utf8')).split('\r\n');
    expect([lines.length > 150, lines[1]]).toEqual([
      true,
      expect.stringMatching(/,ended,[\dT:-]+[+-]\d\d:\d\d,/),
    ]);
    await page.evaluate(`document.querySelector('[role=table]').parentElement.scrollTop = 0`);
    await row('PBX link lost').locator('a').first().click();
    await page
      .getByRole('listitem')
      .filter({ hasText: / closed it: / })
      .waitFor();
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      for (const width of [320, 768, 1920]) {
        await page.setViewportSize({ width, height: 800 });
        await until(async () => {
          const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
          expect(wide).toBeLessThanOrEqual(width);
        });
        expect([width, colorScheme, await axe(page)]).toEqual([width, colorScheme, []]);
      }
    }
  });

  it('a recording is fetched, seen, heard by keys, kept as a file and deleted', async () => {
    await lab.startWorker('recording-worker');
    const call = place('1003', '+31633445566');
    call.answer();
    call.record();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    call.hangUp('1003');
    await until(async () => {
      const [found] = await lab.fleet.rows(`select status from recording where call_key = $1`, [call.key]);
      expect(found?.['status']).toBe('stored');
    });
    const olga = await lab.page({ person: 'olga', path: `/calls/${lab.fleet.pbx}/${call.key}` });
    await olga.getByRole('button', { name: 'Listen' }).click();
    const slider = olga.getByRole('slider', { name: 'Place in the recording' });
    await slider.waitFor();
    expect(await olga.locator('svg[preserveAspectRatio=none] rect').count()).toBe(240);
    expect(await axe(olga)).toEqual([]);
    await olga.getByRole('combobox', { name: 'Speed' }).selectOption('0.75');
    await olga.getByRole('button', { name: 'Play' }).focus();
    await olga.keyboard.press('Enter');
    await olga.getByRole('button', { name: 'Pause' }).waitFor();
    await until(async () => expect(Number(await slider.inputValue())).toBeGreaterThan(0.2));
    await slider.focus();
    await olga.keyboard.press('ArrowLeft');
    await olga.getByRole('button', { name: 'Play' }).waitFor();
    const downloading = olga.waitForEvent('download');
    await olga.getByRole('button', { name: 'Download' }).click();
    expect((await readFile(await (await downloading).path())).subarray(0, 4).toString()).toBe('RIFF');
    await olga.getByRole('button', { name: 'Delete…' }).click();
    await olga.getByRole('button', { name: 'Delete recording' }).click();
    await olga.getByText('The sound was deleted.').waitFor();
    await olga.close();
    // One listening and one download, and the links to both: each is in the audit.
    const audited = await lab.fleet.rows(
      `select action from operator_action where action like 'recording.%' order by action`,
    );
    expect(audited.map(({ action }) => action)).toEqual([
      'recording.delete',
      'recording.download',
      'recording.link',
      'recording.link',
      'recording.play',
    ]);
  });

  it('contacts come from a file, are found, corrected, and named when they call', async () => {
    await lab.startWorker('import-worker');
    await page.getByRole('link', { name: 'Contacts', exact: true }).click();
    await page.getByRole('link', { name: 'Import from a file…' }).click();
    const rows = 'Who;Telefon;Mail\nAda Lovelace;+351 21 123 4567;ada@example.org\nNobody;none;\n';
    const file = { name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(rows) };
    await page.locator('input[type=file]').setInputFiles(file);
    // Who they are can't be guessed from that word.
    await page.getByRole('combobox', { name: 'Who: Holds' }).selectOption('name');
    const first = page.getByRole('table', { name: 'What its first rows become' });
    await first.getByText('Ada Lovelace · +351211234567 · ada@example.org').waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByText('What became of its rows').waitFor();
    expect(await page.locator('dl').innerText()).toMatch(/Rows\s+2[\s\S]*Added\s+1[\s\S]*Refused\s+1/);
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: /Download the refused rows/ }).click();
    const refused = await readFile(await (await downloading).path(), 'utf8');
    expect(refused).toContain('Nobody');

    await page.getByRole('link', { name: 'Contacts', exact: true }).click();
    await page.getByPlaceholder('Name, company, address or number').fill('lovel');
    await page.getByRole('link', { name: 'Ada Lovelace' }).click();
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByRole('textbox', { name: 'Company' }).fill('Analytical Engines');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await axe(page)).toEqual([]);
    await page.getByRole('link', { name: 'Wall', exact: true }).click();
    const call = place('1003', '+351211234567');
    await dialog().getByText('Ada Lovelace, Analytical Engines').waitFor();
    await page.locator('[data-key$="/1003"] [data-other="Ada Lovelace, Analytical Engines"]').waitFor();
    call.hangUp('1003');
    await dialog().waitFor({ state: 'detached' });
    await page.goBack();

    await page.getByRole('button', { name: 'Delete…' }).click();
    await page.getByRole('button', { name: 'Delete contact' }).click();
    await page.getByText('Maria Costa').waitFor();
    expect(await page.getByRole('link', { name: 'Ada Lovelace' }).count()).toBe(0);
  });

  it('has complained of nothing but of push that was away', () => {
    expect(lab.errors.filter((text) => !/WebSocket connection|ERR_CONNECTION_REFUSED/.test(text))).toEqual(
      [],
    );
  });
});
