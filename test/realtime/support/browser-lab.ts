import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { findChromium } from './find-chromium.ts';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/** Pages in a real Chromium, served and kept up to date by a scripted push in a process of its own. */
export class BrowserLab implements AsyncDisposable {
  readonly context: BrowserContext;
  readonly push: ChildProcess;
  readonly port: number;
  readonly errors: string[] = [];
  readonly #folder: string;

  private constructor(context: BrowserContext, push: ChildProcess, port: number, folder: string) {
    this.context = context;
    this.push = push;
    this.port = port;
    this.#folder = folder;
  }

  /** `script` is the page's, a module of `pages/`. */
  static async open(script: string): Promise<BrowserLab> {
    const folder = await mkdtemp(join(tmpdir(), 'trunkline-browser-'));
    await build({
      entryPoints: [join(import.meta.dirname, '..', 'pages', script)],
      outfile: join(folder, 'page.js'),
      bundle: true,
      format: 'esm',
      target: 'es2022',
      jsx: 'automatic',
      define: { 'process.env.NODE_ENV': '"development"' },
      logLevel: 'error',
    });
    const html =
      '<!doctype html><html lang="en"><title>lab</title><link rel="icon" href="data:,"><link rel="stylesheet" href="page.css"><div id="root"></div>';
    await writeFile(
      join(folder, 'index.html'),
      `${html}<script type="module" src="page.js"></script></html>`,
    );
    const push = fork(join(import.meta.dirname, 'scripted-push-process.ts'), [folder]);
    const [{ port }] = (await once(push, 'message')) as [{ port: number }];
    const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
      executablePath: findChromium(),
      headless: true,
      args: flags,
    });
    return new BrowserLab(context, push, port, folder);
  }

  get profile(): string {
    return join(this.#folder, 'profile');
  }

  /** A file that the server serves. */
  fileOf(name: string): string {
    return join(this.#folder, name);
  }

  /** A new tab with the page in it. */
  async page(query = ''): Promise<Page> {
    const page = await this.context.newPage();
    page.on('pageerror', (error) => void this.errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
    await page.goto(`http://127.0.0.1:${this.port}/${query}`);
    return page;
  }

  /** Tells the server what to do; answers how many sockets it has and ever had. */
  async order(
    what: string,
    how: object = {},
  ): Promise<{ sockets: number; accepted: number; heard: { type: string }[] }> {
    const response = await fetch(`http://127.0.0.1:${this.port}/${what}`, {
      method: 'POST',
      body: JSON.stringify(how),
    });
    return (await response.json()) as { sockets: number; accepted: number; heard: { type: string }[] };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.push.kill('SIGCONT');
    await this.context.close();
    this.push.kill('SIGKILL');
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
