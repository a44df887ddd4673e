import { countCredentialFailure, type PbxConfig } from '@trunkline/database';
import {
  createSessionStore,
  LinkError,
  type ConnectPhase,
  type Credential,
  type PbxConnection,
} from '@trunkline/pbx';
import { sleep, withDeadline, type Logger } from '@trunkline/service-kit';
import type { AttemptFault } from '../policy/attempt-fault.ts';
import type { LinkHost } from './link-host.ts';
import { prepareAttempt, type Prepared } from './prepare-attempt.ts';

export interface AttemptReport {
  readonly phase: (phase: ConnectPhase) => void;
  readonly heldBack: (forMs: number) => void;
  readonly failed: (fault: AttemptFault, message: string, credentialFailures: number) => void;
  readonly connected: (connection: PbxConnection, mark: string, refusedBefore: number) => void;
}

/** An adapter bounds each of its steps; all of them together take no longer than this many answers. */
const answersMax = 5;

/** Tries to store a refused login; after that it counts in this process only. */
const countAttemptsMax = 20;

/**
 * One attempt to connect, and the connection that comes of it, until nothing is left of either. It reports once how it
 * went, and nothing after it was told to wind up.
 */
export class Attempt {
  readonly #host: LinkHost;
  readonly #config: PbxConfig;
  readonly #logger: Logger;
  readonly #report: AttemptReport;
  readonly #abort = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #connection: PbxConnection | null = null;
  #credential: Credential | null = null;

  constructor(host: LinkHost, config: PbxConfig, logger: Logger, report: AttemptReport) {
    this.#host = host;
    this.#config = config;
    this.#logger = logger;
    this.#report = report;
  }

  /** What was tried, so that another one can be told from it. */
  get credential(): Credential | null {
    return this.#credential;
  }

  begin(): void {
    this.#running = this.#run().catch((error: unknown) => {
      if (this.#abort.signal.aborted) return;
      this.#logger.error({ err: error }, 'an attempt broke');
      this.#report.failed({ kind: 'protocol' }, `The attempt broke: ${messageOf(error)}`, 0);
    });
  }

  /** Ends whatever is under way or open. Resolves when nothing is left of it, or it is left to itself. */
  async windUp(): Promise<void> {
    this.#abort.abort(new LinkError({ kind: 'closed' }, 'The link is given up.'));
    const gone = this.#running.then(() => this.#connection?.[Symbol.asyncDispose]());
    const { windUpMs } = this.#host.bounds;
    await withDeadline(gone, windUpMs, 'closing the connection to the PBX').catch((error: unknown) => {
      this.#logger.error({ err: error }, 'a connection did not close in time and is left to itself');
    });
  }

  async #run(): Promise<void> {
    const host = this.#host;
    const { credentialFailuresMax } = host.limits;
    const prepared = await prepareAttempt(this.#config, { ...host, credentialFailuresMax });
    if (this.#abort.signal.aborted) return;
    if (prepared.kind === 'blocked') return this.#report.heldBack(prepared.forMs);
    this.#credential = prepared.target?.credential ?? null;
    if (prepared.kind === 'faulty')
      return this.#report.failed(prepared.fault, prepared.message, prepared.refusedBefore);
    await this.#connect(prepared);
  }

  async #connect(ready: Extract<Prepared, { kind: 'ready' }>): Promise<void> {
    const { timing } = this.#host;
    const connectMs = timing.dialMs + answersMax * timing.answerMs;
    const { signal } = this.#abort;
    try {
      const connection = await ready.adapter.connect(ready.target, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(connectMs)]),
        logger: this.#logger,
        now: this.#host.wallNow,
        timing,
        onPhase: (phase) => {
          if (!signal.aborted) this.#report.phase(phase);
        },
        session: createSessionStore({
          ...this.#host,
          pbx: this.#config.pbx,
          credential: ready.target.credential,
          logger: this.#logger,
        }),
      });
      this.#connection = connection;
      if (!signal.aborted) this.#report.connected(connection, ready.mark, ready.refusedBefore);
    } catch (error) {
      await this.#fail(ready, error);
    }
  }

  async #fail({ mark, refusedBefore }: Extract<Prepared, { kind: 'ready' }>, error: unknown): Promise<void> {
    const fault: AttemptFault = error instanceof LinkError ? error.fault : { kind: 'protocol' };
    const refused =
      fault.kind === 'credentials'
        ? await countRefusedLogin(this.#host, this.#config, mark, refusedBefore, this.#logger)
        : refusedBefore;
    // A refused login counts though nobody waits for the attempt any more.
    if (!this.#abort.signal.aborted) this.#report.failed(fault, messageOf(error), refused);
  }
}

/** Kept before the next login is thought of, because the PBX counts too. */
export async function countRefusedLogin(
  { database, bounds }: Pick<LinkHost, 'database' | 'bounds'>,
  { pbx }: Pick<PbxConfig, 'pbx'>,
  mark: string,
  before: number,
  logger: Logger,
): Promise<number> {
  for (let attempt = 1; attempt <= countAttemptsMax; attempt += 1) {
    try {
      return await database.run((transaction) => countCredentialFailure(transaction, pbx, mark));
    } catch (error) {
      logger.error({ err: error }, 'a refused login could not be counted, trying again');
      await sleep(bounds.storeRetryMs);
    }
  }
  return before + 1;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
