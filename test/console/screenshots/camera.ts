import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import type { ConsoleLab } from '../support/console-lab.ts';

const desktop = { viewport: { width: 1366, height: 800 } };
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

/** A window, and the light it is seen in. */
export const looks = {
  light: { ...desktop, colorScheme: 'light' },
  dark: { ...desktop, colorScheme: 'dark' },
  phoneLight: { ...phone, colorScheme: 'light' },
  phoneDark: { ...phone, colorScheme: 'dark' },
  wall: { viewport: { width: 1600, height: 900 }, colorScheme: 'dark' },
} as const satisfies Record<string, BrowserContextOptions>;

export type Look = keyof typeof looks;

export interface Shot {
  readonly name: string;
  readonly look: Look;
  readonly path: string;
  /** Brings onto the page what shall be seen; the picture is taken when it resolves. */
  readonly show: (page: Page) => Promise<void>;
}

/** Whoever is signed in here answers this phone. */
export const myPhone = '1103';

/** Signs in once for each look, and goes from page to page with that. */
export class Camera implements AsyncDisposable {
  readonly #lab: ConsoleLab;
  readonly #folder: string;
  readonly #pages = new Map<Look, Promise<Page>>();

  constructor(lab: ConsoleLab, folder: string) {
    this.#lab = lab;
    this.#folder = folder;
  }

  /** Takes the picture and gives its file. */
  async take({ name, look, path, show }: Shot): Promise<string> {
    const page = await this.#pageFor(look);
    await page.goto(this.#lab.url + path);
    await page.getByRole('button', { name: 'Connection: Live' }).waitFor();
    await show(page);
    // Nothing is hovered: the list of pages ends above, and has its button below.
    await page.mouse.move(2, 620);
    await page.evaluate('document.fonts.ready.then(() => undefined)');
    const file = join(this.#folder, `${name}.png`);
    await page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
    return file;
  }

  #pageFor(look: Look): Promise<Page> {
    const known = this.#pages.get(look) ?? this.#open(look);
    this.#pages.set(look, known);
    return known;
  }

  async #open(look: Look): Promise<Page> {
    const options = {
      ...looks[look],
      reducedMotion: 'reduce',
      locale: 'en-GB',
      timezoneId: 'Europe/Lisbon',
    } as const;
    const page = await this.#lab.page({ person: 'pat', ...options });
    const settings = JSON.stringify({ myPhones: [myPhone] });
    await page.evaluate(`localStorage.setItem('trunkline.settings', ${JSON.stringify(settings)})`);
    return page;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const page of this.#pages.values()) await (await page).context().close();
  }
}
