import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRevocations, type Revocations } from '@trunkline/access';
import { apiSettings, areasOf, openContext, startApi } from '@trunkline/api';
import { checkoutPaths } from '@trunkline/backing-services';
import { freePort, testRedisUrl } from '@trunkline/backing-services/testing';
import { addTenant } from '@trunkline/database';
import { tenantId } from '@trunkline/domain';
import { startDevIssuer } from '@trunkline/dev-issuer';
import { startControlApi } from '@trunkline/pbx-simulator';
import { createLogger, createMetrics, createRedisConnections, readSettings } from '@trunkline/service-kit';
import { AxeBuilder } from '@axe-core/playwright';
import { randomUUID } from 'node:crypto';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core';
import { ensureConsole } from '../../../infra/console/ensure-console.ts';
import { credential, FleetLab, type FleetLabOptions } from '../../e2e/fleet-lab.ts';
import { findChromium } from '../../realtime/support/find-chromium.ts';
import { startServiceProcess, type ServiceProcess } from '../../support/service-process.ts';

const logger = createLogger({ name: 'console', level: 'silent', redactPhoneNumbers: true });
const audience = 'trunkline';
const lifeMsMax = 86_400_000;

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--autoplay-policy=user-gesture-required',
];

export interface ConsoleLabOptions extends Partial<FleetLabOptions> {
  /** The console may steer the simulated PBX, as in development. */
  readonly steersSimulator?: boolean;
}

export interface PageOptions extends BrowserContextOptions {
  readonly person?: 'ana' | 'sam' | 'olga' | 'pat' | 'otto';
  readonly path?: string;
}

/** Long, since a busy machine takes its time; whoever waits goes on as soon as it is so. */
export const soonMs = 45_000;

/**
 * The console as people have it: built, served by the real API, kept up to date by the real push in a process of its own, signed
 * in to at the development issuer, in a real Chromium; behind it a fleet with a simulated PBX. `fleet.simulator.control` is the
 * telephone.
 */
export class ConsoleLab implements AsyncDisposable {
  /** What pages complained of: exceptions, and errors in their consoles. */
  readonly errors: string[] = [];
  readonly #stack = new AsyncDisposableStack();
  /** Where files lie that pages send. */
  readonly #files = mkdtemp(join(tmpdir(), 'trunkline-files-'));
  #push: ServiceProcess | undefined;
  declare fleet: FleetLab;
  declare url: string;
  declare issuerUrl: string;
  declare browser: Browser;
  declare pushPort: number;
  /** Takes tokens back, as push and the API know it. */
  declare revocations: Revocations;

  static async open({ steersSimulator = false, ...options }: ConsoleLabOptions = {}): Promise<ConsoleLab> {
    const lab = new ConsoleLab();
    lab.#stack.defer(async () => rm(await lab.#files, { recursive: true }));
    const [fleet, directory] = await Promise.all([
      FleetLab.open({ dialect: 'yeastar', ...options }),
      ensureConsole({ root: checkoutPaths().root, report: () => undefined }),
    ]);
    lab.fleet = lab.#stack.use(fleet);
    const [apiPort, pushPort] = [await freePort(), await freePort()];
    lab.url = `http://127.0.0.1:${apiPort}`;
    lab.pushPort = pushPort;
    await lab.#startIssuer();
    const { simulator } = fleet;
    const control = steersSimulator ? lab.#stack.use(await startControlApi({ simulator, logger })) : null;
    await lab.#startApi(apiPort, directory ?? '', control?.url);
    await lab.#knowRevocations();
    await lab.startPush();
    lab.#stack.defer(() => lab.killPush());
    lab.browser = await chromium.launch({ executablePath: findChromium(), headless: true, args: flags });
    lab.#stack.defer(() => lab.browser.close());
    return lab;
  }

  async #startIssuer(): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'trunkline-issuer-'));
    this.#stack.defer(() => rm(folder, { recursive: true, force: true }));
    const otherTenant = tenantId(randomUUID());
    await this.fleet.database.run((tx) => addTenant(tx, { id: otherTenant, name: 'elsewhere' }));
    const { url } = this.#stack.use(
      await startDevIssuer({
        port: 0,
        directory: folder,
        tenant: this.fleet.tenant,
        otherTenant,
        audience,
        redirects: [`${this.url}/signed-in`],
        logger,
      }),
    );
    this.issuerUrl = url;
  }

  async #startApi(port: number, directory: string, simulatorUrl: string | undefined): Promise<void> {
    const settings = readSettings(apiSettings, {
      DATABASE_URL: this.fleet.databaseUrl,
      REDIS_URL: testRedisUrl(),
      TRUNKLINE_REDIS_PREFIX: this.fleet.prefix,
      TRUNKLINE_STREAM_SHARDS: '2',
      TRUNKLINE_TOKEN_ISSUER: this.issuerUrl,
      TRUNKLINE_TOKEN_AUDIENCE: audience,
      TRUNKLINE_WEBHOOK_KEY: `lab:${'k'.repeat(40)}`,
      TRUNKLINE_API_PORT: String(port),
      TRUNKLINE_API_PUBLIC_URL: this.url,
      TRUNKLINE_API_SESSION_SECRET: 's'.repeat(40),
      TRUNKLINE_API_REQUESTS_PER_USER: '100000',
      TRUNKLINE_STORAGE_DIR: await this.#files,
      ...(simulatorUrl !== undefined && { TRUNKLINE_API_SIMULATOR_URL: simulatorUrl }),
      TRUNKLINE_CONSOLE_DIR: directory,
      TRUNKLINE_CONSOLE_ENVIRONMENT: 'development',
      TRUNKLINE_CONSOLE_PUSH_URL: `ws://127.0.0.1:${this.pushPort}/ws`,
    });
    const metrics = createMetrics({ app: 'api' });
    this.#stack.defer(() => metrics.stop());
    const { context } = this.#stack.use(await openContext({ settings, logger, metrics }));
    await context.redis.whenReady(context.connection);
    const { host, perUserMax, perAddressMax } = settings.api;
    this.#stack.use(
      await startApi({
        context,
        limits: { perUserMax, perAddressMax },
        host,
        port,
        areas: areasOf(context, settings),
      }),
    );
  }

  async #knowRevocations(): Promise<void> {
    const redis = this.#stack.use(createRedisConnections({ url: testRedisUrl(), logger, name: 'revoker' }));
    const connection = redis.open('commands');
    await redis.whenReady(connection);
    this.revocations = createRevocations({ connection, prefix: this.fleet.prefix, lifeMsMax });
  }

  /** Also after it was killed, at the same address. */
  async startPush(): Promise<void> {
    this.#push = await startServiceProcess('@trunkline/push', 'push serves', {
      DATABASE_URL: this.fleet.databaseUrl,
      REDIS_URL: testRedisUrl(),
      TRUNKLINE_REDIS_PREFIX: this.fleet.prefix,
      TRUNKLINE_TOKEN_ISSUER: this.issuerUrl,
      TRUNKLINE_TOKEN_AUDIENCE: audience,
      TRUNKLINE_PUSH_PORT: String(this.pushPort),
      TRUNKLINE_PUSH_ORIGINS: this.url,
    });
  }

  /** Which import contacts, or fetch recordings; most tests have no need of them. */
  async startWorker(name: 'import-worker' | 'recording-worker'): Promise<void> {
    const worker = await startServiceProcess(`@trunkline/${name}`, 'started', {
      DATABASE_URL: this.fleet.databaseUrl,
      REDIS_URL: testRedisUrl(),
      TRUNKLINE_REDIS_PREFIX: this.fleet.prefix,
      TRUNKLINE_STORAGE_DIR: await this.#files,
      TRUNKLINE_PBX_E2E_USERNAME: credential.username,
      TRUNKLINE_PBX_E2E_SECRET: credential.secret,
    });
    this.#stack.defer(() => worker.kill('SIGTERM'));
  }

  /** As the kernel or an operator does it, without a word to anybody: sockets break, and what it held in memory is gone. */
  async killPush(): Promise<void> {
    await this.#push?.kill('SIGKILL');
    this.#push = undefined;
  }

  /** Sockets that browsers hold at push just now, as push tells it. */
  async pushSockets(): Promise<number> {
    const metrics = await (await fetch(`${this.#push?.said.operations}/metrics`)).text();
    return Number(/^trunkline_push_connections(?:{.*})? (\d+)$/m.exec(metrics)?.[1]);
  }

  /** A page of somebody who has signed in and sees live data. Each is a browser of its own. */
  async page({ person = 'olga', path = '/wall', ...options }: PageOptions = {}): Promise<Page> {
    const context = await this.browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
    const page = await this.watched(context);
    await page.goto(this.url + path);
    await page.getByRole('button', { name: 'Sign in' }).click({ timeout: soonMs });
    await page.locator(`button[value=${person}]`).click({ timeout: soonMs });
    await page.getByRole('button', { name: 'Connection: Live' }).waitFor({ timeout: soonMs });
    return page;
  }

  /** Another tab of a browser, whose complaints are kept. */
  async watched(context: BrowserContext): Promise<Page> {
    const page = await context.newPage();
    page.setDefaultTimeout(soonMs);
    page.on('pageerror', (error) => void this.errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
    return page;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

/** What axe finds wrong with a page as it is now, in a line each. */
export async function axe(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    // The other mode opens a page of its own for each look; there are no frames here that would need it.
    .setLegacyMode(true)
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes
      .slice(0, 4)
      .map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary ?? ''}`),
  );
}
