import type { Logger } from '@trunkline/service-kit';
import { LinkError, type FaultKind } from '../port/fault.ts';
import type { SessionStore } from '../port/connection.ts';
import type { Credential } from '../port/target.ts';
import { linkErrorOf, loginErrorOf, OK, TOKEN_EXPIRED } from './api-faults.ts';
import { callApi, type ApiAnswer, type ApiSite } from './call-api.ts';
import { readGrant, readSession, writeSession, type Session } from './session.ts';

export interface TokensOptions {
  readonly site: ApiSite;
  readonly credential: Credential;
  readonly store: SessionStore;
  readonly logger: Logger;
  /** Ends all that is under way when the link ends. */
  readonly signal: AbortSignal;
}

/** A refresh that failed for a passing reason is tried again while the token still lives. */
const REFRESH_AGAIN_MS = 30_000;
const TIMER_MS_MAX = 2 ** 31 - 1;
/** What is left of a stored token must outlast the steps of connecting. */
const SPARE_MS = 5_000;
const RELEASE_MS = 2_000;
/** Tokens live for at most so long, so a PBX that is full has room again by then. */
const TOKEN_LIFE_MAX_MS = 30 * 60_000;

/** A block that does not tell its end lasts for so long. */
const BLOCK_MS = 11 * 60_000;

/** The PBX's judgement of our credentials or our address: asking again would only make it worse. */
const finalFaults: ReadonlySet<FaultKind> = new Set(['credentials', 'blocked', 'forbidden']);

/**
 * The one owner of a PBX's tokens. A PBX has room for eight live ones a client and blocks who fails to log in five times,
 * so tokens are kept over the life of a process, renewed by refreshing, and asked for anew only when neither works.
 *
 * 1. Whoever needs a new token waits for the same renewal: there is never a second one under way.
 * 2. A login that was refused is not made again: the refusal is what every later caller gets. During a block nothing is
 *    asked at all.
 * 3. At ~83 % of its life a token is refreshed, while the old one still answers.
 */
export class Tokens {
  readonly #options: TokensOptions;
  #session: Session | null = null;
  #renewal: Promise<string> | null = null;
  #refused: { readonly error: LinkError; readonly until: number } | null = null;
  #logins = 0;
  #keeping = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: TokensOptions) {
    this.#options = options;
  }

  /** Logins made so far. */
  get logins(): number {
    return this.#logins;
  }

  /** A token that was kept and is not known to have ended; else a fresh one. */
  async open(): Promise<string> {
    const { store, site, logger } = this.#options;
    const text = await store.read().catch((error: unknown) => {
      logger.warn({ err: error }, 'the kept session could not be read; a new one is taken');
      return null;
    });
    this.#session = readSession(text);
    return this.#session !== null && this.#session.accessUntil > site.now() + SPARE_MS
      ? this.#session.access
      : this.renew(this.#session?.access ?? '');
  }

  /** The token to use now. */
  async current(): Promise<string> {
    if (this.#renewal !== null) return this.#orEnd(this.#renewal);
    const session = this.#session;
    if (session !== null && session.accessUntil > this.#options.site.now()) return session.access;
    return this.renew(session?.access ?? '');
  }

  /** A token in place of one that the PBX refused. */
  async renew(bad: string): Promise<string> {
    if (this.#renewal !== null) return this.#orEnd(this.#renewal);
    if (this.#session !== null && this.#session.access !== bad) return this.#session.access;
    return this.#orEnd(this.#under(this.#renew()));
  }

  /** Refreshes in time from now on, until `stop`. */
  keepFresh(): void {
    this.#keeping = true;
    const session = this.#session;
    if (session === null || this.#options.signal.aborted) return;
    const delayMs = Math.max(session.refreshAt - this.#options.site.now(), 0);
    this.#schedule(delayMs);
  }

  stop(): void {
    this.#keeping = false;
    clearTimeout(this.#timer);
  }

  /** Gives the token back. Never rejects; whether the PBX took it or not, it is not used any more. */
  async release(): Promise<void> {
    this.stop();
    const { site, store, logger } = this.#options;
    await this.#renewal?.catch(() => undefined);
    const session = this.#session;
    this.#session = null;
    const call = { name: 'del_token', ...(session === null ? {} : { token: session.access }) };
    const deadline = AbortSignal.timeout(RELEASE_MS);
    try {
      if (session !== null) await callApi({ ...site, answerMs: RELEASE_MS }, call, deadline);
      await store.clear();
    } catch (error) {
      logger.warn({ err: error }, 'the token could not be given back; it ends by itself');
    }
  }

  #under(renewal: Promise<string>): Promise<string> {
    this.#renewal = renewal.finally(() => {
      this.#renewal = null;
    });
    return this.#renewal;
  }

  /**
   * Whoever waits stops waiting when the link ends. The renewal itself is carried through, since a token that the PBX has
   * granted and nobody kept would take up one of its eight places.
   */
  #orEnd(renewal: Promise<string>): Promise<string> {
    const { signal } = this.#options;
    const closed = (): LinkError => new LinkError({ kind: 'closed' }, 'The link was closed by us.');
    return new Promise((resolve, reject) => {
      const onAbort = (): void => reject(closed());
      if (signal.aborted) onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      renewal.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
    });
  }

  #schedule(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#refreshInTime(), Math.min(delayMs, TIMER_MS_MAX));
  }

  /** Refreshes without falling back to a login: what only a login can mend waits until a request needs it. */
  async #refreshInTime(): Promise<void> {
    const session = this.#session;
    if (session === null || this.#options.signal.aborted) return;
    try {
      await (this.#renewal ?? this.#under(this.#refresh(session).then((token) => token ?? session.access)));
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'the token could not be refreshed');
      if (this.#keeping) this.#schedule(againMs(error, this.#options.site.now()));
    }
  }

  async #renew(): Promise<string> {
    if (this.#refused !== null && this.#refused.until > this.#options.site.now()) throw this.#refused.error;
    const session = this.#session;
    if (session !== null && session.refreshUntil > this.#options.site.now() + SPARE_MS) {
      const token = await this.#refresh(session);
      if (token !== null) return token;
    }
    return this.#login();
  }

  /** null where the PBX does not take this refresh token any more. */
  async #refresh(session: Session): Promise<string | null> {
    const { site } = this.#options;
    const call = { name: 'refresh_token', body: { refresh_token: session.refresh } };
    const answer = await callApi(site, call, carriedThrough);
    if (answer.errcode === OK) return this.#take(answer);
    const error = answer.errcode === TOKEN_EXPIRED ? null : linkErrorOf(site, 'refresh_token', answer);
    if (error === null || error.fault.kind === 'forbidden') return null;
    if (error.fault.kind === 'blocked') this.#refuse(error);
    throw error;
  }

  async #login(): Promise<string> {
    const { site, signal, credential } = this.#options;
    if (signal.aborted) throw new LinkError({ kind: 'closed' }, 'The link was closed by us.');
    const before = this.#session;
    this.#logins++;
    const body = { username: credential.username, password: credential.secret };
    const answer = await callApi(site, { name: 'get_token', body }, carriedThrough);
    if (answer.errcode === OK) return this.#take(answer);
    const error = loginErrorOf(site, answer, this.#crowdedUntil(before));
    if (finalFaults.has(error.fault.kind)) this.#refuse(error);
    throw error;
  }

  #refuse(error: LinkError): void {
    const { fault } = error;
    const now = this.#options.site.now();
    const until = fault.kind === 'blocked' ? (fault.until ?? now + BLOCK_MS) : Number.POSITIVE_INFINITY;
    this.#refused = { error, until };
  }

  /** A token of our own that we know to live on tells when there is room again. */
  #crowdedUntil(session: Session | null): number | null {
    const now = this.#options.site.now();
    if (session === null || session.accessUntil <= now) return null;
    return Math.min(session.accessUntil, now + TOKEN_LIFE_MAX_MS);
  }

  async #take(answer: ApiAnswer): Promise<string> {
    const { site, store, logger } = this.#options;
    const session = readGrant(answer.fields, site.now());
    if (session === null)
      throw new LinkError(
        { kind: 'protocol' },
        'The PBX granted a token and told neither it nor its lifetime.',
      );
    this.#session = session;
    if (this.#keeping) this.keepFresh();
    await store
      .write(writeSession(session), Math.max(session.refreshUntil, session.accessUntil))
      .catch((error: unknown) => {
        logger.warn({ err: error }, 'the session could not be kept; after a restart a new token is taken');
      });
    return session.access;
  }
}

/** Bounded by the deadline of the request alone. */
const carriedThrough = new AbortController().signal;

function againMs(error: unknown, now: number): number {
  const until = error instanceof LinkError && error.fault.kind === 'blocked' ? error.fault.until : null;
  return Math.max(REFRESH_AGAIN_MS, (until ?? now) - now);
}
