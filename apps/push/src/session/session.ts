import { randomUUID } from 'node:crypto';
import { AccessError, isRevokedBy, type Principal, type Revocation } from '@trunkline/access';
import { endings, protocolVersion, type Down, type ProblemKind, type Up } from '@trunkline/realtime-protocol';
import { readUp } from '@trunkline/realtime-protocol/schemas';
import { assertNever } from '@trunkline/service-kit';
import { encodeFrame } from '../frames/encode-frame.ts';
import { Outbox, type Sink } from './outbox.ts';
import type { SessionHost } from './session-host.ts';
import { SessionTopics } from './session-topics.ts';
import { TokenBucket } from './token-bucket.ts';

/** A socket, or an event stream. */
export interface Transport extends Sink {
  /** Who it comes from, as far as limits care. */
  readonly address: string;
  /** Whether the client can say anything; of one that can't nobody expects a sign of life. */
  readonly hasWayUp: boolean;
  /** Says goodbye; what was written before still goes out. */
  close(code: number, reason: string): void;
}

/**
 * What is true of a session:
 * 1. Before a token was found good nothing is told but `hello`, and after `authMs` it ends.
 * 2. While connected its token is good: at its end, or when it is revoked, it ends.
 * 3. Whoever says nothing and could, or takes nothing, for two and a half heartbeats is gone.
 * 4. While moving it is served as ever, until its time is up.
 * 5. Ended is ended: nothing is said, heard or kept.
 */
type State =
  | { readonly name: 'unauthenticated'; readonly untilMs: number }
  | { readonly name: 'verifying'; readonly untilMs: number }
  | { readonly name: 'connected'; principal: Principal; movingUntilMs: number | null }
  | { readonly name: 'ended' };

const heartbeatsMissedMax = 2.5;
const floodRetryMs = 5_000;
const crowdRetryMs = 10_000;
/** It has waited already, and is waited for: its screen shows nothing until it is back. */
const uncheckedRetryMs = 1_000;

/** One connection of one client, from `hello` to its end. */
export class Session {
  readonly id = randomUUID();
  readonly transport: Transport;
  readonly outbox: Outbox;
  readonly #host: SessionHost;
  readonly #bucket: TokenBucket;
  readonly #topics: SessionTopics;
  #state: State;
  #heardAt: number;
  /** When the socket last had room. */
  #freeAt: number;
  #pingAt: number;
  #pings = 0;
  #commands = 0;

  constructor(host: SessionHost, transport: Transport) {
    const now = host.now();
    this.#host = host;
    this.transport = transport;
    this.outbox = new Outbox(transport, host.tuning.outbox);
    this.#bucket = new TokenBucket(host.tuning.messages, now);
    this.#topics = new SessionTopics(host, this);
    this.#state = { name: 'unauthenticated', untilMs: now + host.tuning.authMs };
    this.#heardAt = now;
    this.#freeAt = now;
    // Sessions that begin together ping at different times.
    this.#pingAt = now + host.tuning.heartbeatMs * (0.5 + host.random() / 2);
  }

  get principal(): Principal | null {
    return this.#state.name === 'connected' ? this.#state.principal : null;
  }

  get isEnded(): boolean {
    return this.#state.name === 'ended';
  }

  get topics(): number {
    return this.#topics.count;
  }

  /** Begins, with the token that came along, if one did. */
  begin(token: string | null): void {
    const { tuning } = this.#host;
    this.send({
      type: 'hello',
      version: protocolVersion,
      time: new Date().toISOString(),
      heartbeatMs: tuning.heartbeatMs,
      authWithinMs: tuning.authMs,
      spreadMs: this.#host.spreadMs(),
      limits: {
        messageBytesMax: tuning.messageBytesMax,
        topicsMax: tuning.topicsMax,
        messagesPerSecond: tuning.messages.perSecond,
        messagesAtOnce: tuning.messages.atOnce,
      },
    });
    if (token !== null) void this.#authenticate(token);
  }

  /** What the client says. */
  hear(text: string): void {
    if (!this.#count()) return;
    const read = readUp(text);
    if (read.ok) this.#act(read.message);
    else if (read.kind === 'malformed') this.end('malformed', read.problem);
    else this.send({ type: 'error', kind: read.kind, message: read.problem });
  }

  /** A sign of life that says nothing. */
  hearBare(): void {
    this.#count();
  }

  /** The socket has room again. */
  onDrain(): void {
    this.outbox.drain();
    if (!this.outbox.isFree) return;
    this.#freeAt = this.#host.now();
    this.#topics.goOn();
  }

  send(message: Down): void {
    if (this.isEnded) return;
    const bytes = encodeFrame(JSON.stringify(message));
    if (!this.outbox.push(bytes)) this.onStuck();
  }

  /** The one place that decides by time. */
  evaluate(now: number): void {
    const state = this.#state;
    switch (state.name) {
      case 'unauthenticated':
        if (now >= state.untilMs) this.end('auth_required', 'no token came in time');
        return;
      case 'verifying':
        if (now >= state.untilMs)
          this.end('auth_unavailable', 'the token could not be checked in time', uncheckedRetryMs);
        return;
      case 'connected':
        this.#evaluateConnected(now, state);
        return;
      case 'ended':
        return;
      default:
        assertNever(state, 'the state of a session');
    }
  }

  /** [LIVE5] This node stops. */
  move(afterMs: number, closeInMs: number): void {
    if (this.#state.name !== 'connected') {
      this.end('restarting', 'this server stops');
      return;
    }
    this.#state.movingUntilMs = this.#host.now() + closeInMs;
    this.send({ type: 'moving', afterMs: Math.round(afterMs), closeInMs: Math.round(closeInMs) });
  }

  onRevoked(revocation: Revocation): void {
    const { principal } = this;
    if (principal !== null && isRevokedBy(principal, revocation)) this.#endRevoked();
  }

  /** Revocations may have been missed. */
  async checkRevoked(): Promise<void> {
    const { principal } = this;
    if (principal !== null && (await this.#host.isRevoked(principal)) && this.principal === principal) {
      this.#endRevoked();
    }
  }

  /** Tells why, closes, and lets go of everything. */
  end(kind: ProblemKind, message: string, retryAfterMs?: number): void {
    if (this.isEnded) return;
    const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
    const error: Down = { type: 'error', kind, message, ...wait };
    this.outbox.clear();
    this.transport.write(encodeFrame(JSON.stringify(error)));
    this.#host.onEnding(this, kind, message);
    this.onClosed();
    this.transport.close(endings[kind].code ?? endings.internal.code, kind);
  }

  /** The socket is gone, whoever closed it. */
  onClosed(): void {
    if (this.isEnded) return;
    const { principal } = this;
    this.#state = { name: 'ended' };
    this.#topics.end();
    this.outbox.clear();
    this.#host.onEnded(this, principal);
  }

  #count(): boolean {
    if (this.isEnded) return false;
    const now = this.#host.now();
    this.#heardAt = now;
    if (this.#bucket.take(now)) return true;
    this.end('too_many_messages', 'messages came faster than the limits of hello allow', floodRetryMs);
    return false;
  }

  #act(message: Up): void {
    switch (message.type) {
      case 'ping':
        return this.send({ type: 'pong', ...(message.id !== undefined && { id: message.id }) });
      case 'pong':
        return undefined;
      case 'auth':
        return void this.#authenticate(message.token);
      case 'subscribe':
      case 'resume':
      case 'unsubscribe':
      case 'command':
        return this.#actConnected(message);
      default:
        return assertNever(message, 'a message of a client');
    }
  }

  #actConnected(message: Exclude<Up, { type: 'ping' | 'pong' | 'auth' }>): void {
    const state = this.#state;
    if (state.name !== 'connected') {
      return this.end('auth_required', `"${message.type}" came before the token was found good`);
    }
    if (message.type === 'command') return void this.#command(message, state.principal);
    if (message.type === 'unsubscribe') {
      for (const topic of message.topics) this.#topics.unsubscribe(topic);
      return undefined;
    }
    const wishes = message.topics.map(({ topic, epoch, offset }) => ({
      topic,
      position: epoch === undefined || offset === undefined ? null : { epoch, offset },
    }));
    return void this.#topics.subscribe(wishes);
  }

  async #authenticate(token: string): Promise<void> {
    const before = this.#state;
    if (before.name === 'verifying') return this.end('malformed', 'a token is being checked already');
    const now = this.#host.now();
    if (before.name === 'unauthenticated') {
      this.#state = { name: 'verifying', untilMs: now + this.#host.tuning.verifyMs };
    }
    try {
      const principal = await this.#host.verify(token);
      if (before.name === 'connected') this.#renew(principal);
      else if (this.#state.name === 'verifying') this.#connect(principal);
    } catch (error) {
      if (before.name === 'connected') this.#refuseRenewal(messageOf(error));
      else this.#refuse(error);
    }
    return undefined;
  }

  #connect(principal: Principal): void {
    if (principal.scopes.size === 0) return this.end('forbidden', 'the token allows nothing here');
    if (!this.#host.admit(this, principal)) {
      return this.end('too_many_connections', 'this user has too many connections', crowdRetryMs);
    }
    this.#state = { name: 'connected', principal, movingUntilMs: null };
    const { tenant, user, scopes, expiresAt } = principal;
    this.send({
      type: 'connected',
      connection: this.id,
      tenant,
      user,
      scopes: [...scopes],
      expiresInMs: Math.max(0, expiresAt - Date.now()),
    });
    return undefined;
  }

  #refuse(error: unknown): void {
    const problem = error instanceof AccessError ? error.kind : 'unavailable';
    const message = error instanceof AccessError ? error.message : 'the token can’t be checked just now';
    if (problem === 'unavailable') return this.end('auth_unavailable', message, uncheckedRetryMs);
    if (problem === 'missing') return this.end('auth_required', message);
    if (problem === 'expired') return this.end('auth_expired', message);
    if (problem === 'revoked') return this.end('auth_revoked', message);
    return this.end('auth_failed', message);
  }

  /** [AUTH4] The next token replaces the present one, if it is the same user's. */
  #renew(principal: Principal): void {
    const state = this.#state;
    if (state.name !== 'connected') return;
    const { tenant, user } = state.principal;
    if (principal.tenant !== tenant || principal.user !== user) {
      return this.#refuseRenewal('the token is another user’s: open another connection for it');
    }
    state.principal = principal;
    this.send({
      type: 'renewed',
      scopes: [...principal.scopes],
      expiresInMs: Math.max(0, principal.expiresAt - Date.now()),
    });
    this.#topics.dropForbidden(principal);
  }

  #refuseRenewal(message: string): void {
    this.send({ type: 'error', kind: 'renewal_failed', message });
  }

  #evaluateConnected(now: number, state: Extract<State, { name: 'connected' }>): void {
    const { heartbeatMs } = this.#host.tuning;
    const silenceMs = heartbeatsMissedMax * heartbeatMs;
    if (Date.now() >= state.principal.expiresAt) return this.end('auth_expired', 'the token has expired');
    if (this.transport.hasWayUp && now - this.#heardAt > silenceMs) {
      return this.end('heartbeat_missed', 'nothing was heard for too long');
    }
    if (this.outbox.isFree) this.#freeAt = now;
    else if (now - this.#freeAt > silenceMs) return this.onStuck();
    if (state.movingUntilMs !== null && now >= state.movingUntilMs) {
      return this.end('restarting', 'this server stops');
    }
    if (now >= this.#pingAt) this.#ping(now);
    return undefined;
  }

  #ping(now: number): void {
    this.#pingAt = now + this.#host.tuning.heartbeatMs;
    if (!this.outbox.isFree) return;
    this.#pings += 1;
    this.send({ type: 'ping', id: this.#pings, ...this.#topics.commonPosition() });
  }

  async #command(message: Extract<Up, { type: 'command' }>, principal: Principal): Promise<void> {
    const { id } = message;
    if (this.#commands >= this.#host.tuning.commandsAtOnceMax) {
      const text = 'too many commands are under way on this connection';
      this.send({ type: 'result', id, ok: false, problem: 'too_many', message: text, nothingDone: true });
      return;
    }
    this.#commands += 1;
    const answer = await this.#host.carryOut(message, principal);
    this.#commands -= 1;
    this.send({ type: 'result', id, ...answer });
  }

  #endRevoked(): void {
    this.end('auth_revoked', 'the access token was revoked; sign in again');
  }

  /** The socket takes nothing at all. */
  onStuck(): void {
    this.end('heartbeat_missed', 'the socket takes nothing');
  }
}

const messageOf = (error: unknown): string =>
  error instanceof AccessError ? error.message : 'the token can’t be checked just now';
