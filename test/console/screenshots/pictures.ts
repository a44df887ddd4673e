import { knowPeople, showImport, showPeople } from './contacts.ts';
import { sleep } from '@trunkline/service-kit';
import type { Page } from 'playwright-core';
import { untilNothing } from '../../e2e/fleet-lab.ts';
import type { Look } from './camera.ts';
import type { Office, Offices } from './offices.ts';

interface Picture {
  /** Of the file. */
  readonly name: string;
  readonly look: Look;
  readonly path: string;
  /** What happens before it, also where it is not wanted itself. */
  readonly before?: (offices: Offices) => Promise<void>;
  readonly show: (page: Page, offices: Offices) => Promise<void>;
}

const tiles = (page: Page): Promise<void> => page.locator('[data-key$="/2003"]').waitFor();
const heading = (page: Page, name: string): Promise<void> =>
  page.getByRole('heading', { level: 2, name }).waitFor();

/** In the order of the day: first all is well, then it is not. */
export const pictures: readonly Picture[] = [
  { name: 'wallboard-light', look: 'light', path: '/wall', show: tiles },
  { name: 'wallboard-phone-light', look: 'phoneLight', path: '/wall', show: tiles },
  { name: 'wall-mode-dark', look: 'wall', path: '/wall?mode=wall', show: tiles },
  { name: 'calls-light', look: 'light', path: '/calls', before: ringMine, show: showRinging },
  { name: 'calls-phone-dark', look: 'phoneDark', path: '/calls', show: showRinging },
  {
    name: 'history-light',
    look: 'light',
    path: '/history',
    before: endMine,
    show: (page) => page.locator('[data-call-row]').nth(12).waitFor(),
  },
  { name: 'contacts-light', look: 'light', path: '/contacts', before: knowPeople, show: showPeople },
  { name: 'import-dark', look: 'dark', path: '/imports', show: showImport },
  { name: 'import-phone-light', look: 'phoneLight', path: '/imports', show: showImport },
  { name: 'call-dark', look: 'dark', path: '/history', show: showStory },
  { name: 'wallboard-dark', look: 'dark', path: '/wall', before: trouble, show: tiles },
  { name: 'overview-light', look: 'light', path: '/ops', show: showOverview },
  { name: 'links-dark', look: 'dark', path: '/ops/links', show: showLinks },
  { name: 'links-phone-light', look: 'phoneLight', path: '/ops/links', show: showLinks },
  { name: 'stuck-light', look: 'light', path: '/ops/stuck', before: loseHangups, show: previewSweep },
  { name: 'simulator-dark', look: 'dark', path: '/ops/simulator', show: (page) => heading(page, 'Faults') },
];

async function ringMine({ mine }: Offices): Promise<void> {
  mine.ring();
}

async function endMine({ mine }: Offices): Promise<void> {
  mine.hangUp();
}

async function showRinging(page: Page): Promise<void> {
  await page.locator('[data-call-row]').nth(8).waitFor();
  await page.getByRole('dialog', { name: 'Incoming call' }).waitFor();
  // Long enough that it says for how long.
  await sleep(2_500);
}

async function showStory(page: Page, { faro, story, lab }: Offices): Promise<void> {
  await page.goto(`${lab.url}/calls/${faro.pbx}/${story}`);
  await page.getByRole('heading', { name: 'Timeline' }).waitFor();
  await page.getByRole('button', { name: 'Connection: Live' }).waitFor();
}

/** Faro blocks us, and Braga does not know our credentials any more. */
async function trouble({ lab, faro, braga }: Offices): Promise<void> {
  faro.simulator.control.fault({ kind: 'block', ms: 600_000 });
  braga.simulator.control.fault({ kind: 'refuseCredentials' });
  for (const { simulator } of [faro, braga]) simulator.control.fault({ kind: 'drop', how: 'reset' });
  const isSo = async (office: Office, state: string): Promise<string[]> => {
    const [row] = await lab.fleet.rows('select state from pbx_link where pbx_id = $1', [office.pbx]);
    return row?.['state'] === state ? [] : [`it is ${String(row?.['state'])}, and not ${state}`];
  };
  await untilNothing(() => isSo(faro, 'blocked'), 'Faro has blocked us');
  await untilNothing(() => isSo(braga, 'refused'), 'Braga has refused us');
}

async function showOverview(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 2, name: 'Last cleanup runs' }).waitFor();
  // The figures of the pipeline are asked for after the rest.
  await sleep(3_000);
}

async function showLinks(page: Page): Promise<void> {
  await page.getByText('Blocked by the PBX').first().waitFor();
  await page.getByText('Connected').first().waitFor();
}

/** Three calls of Porto end without a word, hours ago; two others really last that long. */
async function loseHangups({ lab, porto }: Offices): Promise<void> {
  const { control } = porto.simulator;
  const calls = ['1126', '1131', '1134', '1137', '1143'].map((to, index) => {
    const call = control.place({ kind: 'inbound', from: `+4477009008${index}1`, to });
    call.ring();
    call.answer();
    return call;
  });
  const keys = calls.map(({ key }) => key);
  const unanswered = async (): Promise<string[]> => {
    const rows = await lab.fleet.rows(
      `select call_key from call where call_key = any($1) and status = 'connected'`,
      [keys],
    );
    return rows.length === keys.length ? [] : ['they are not all connected'];
  };
  await untilNothing(unanswered, 'the calls are answered');
  control.fault({ kind: 'loseHangups', share: 1 });
  for (const call of calls.slice(0, 3)) call.hangUp();
  const hours = (column: string) =>
    `${column} = ${column} - interval '100 minutes' - (right(call_key, 1)::int * 7) * interval '1 minute'`;
  await lab.fleet.rows(
    `update call set ${['started_at', 'answered_at', 'verified_at'].map(hours).join(', ')} where call_key = any($1)`,
    [keys],
  );
}

async function previewSweep(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Dry run' }).click();
  await page.getByRole('table', { name: 'Would be ended' }).waitFor();
  await page.evaluate(`document.activeElement?.blur()`);
}
