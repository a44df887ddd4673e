import type { RawData, WebSocket } from 'ws';
import { LinkCore } from '../asterisk/link-core.ts';
import type {
  ConnectContext,
  Liveness,
  Originated,
  OriginateRequest,
  PbxConnection,
  PbxIdentity,
  Tally,
} from '../port/connection.ts';
import type { LinkError } from '../port/fault.ts';
import type { PbxTarget } from '../port/target.ts';
import type { PbxSnapshot, Word } from '../port/words.ts';
import { decodeFrame } from './codec.ts';
import { hangUp, isAlive, originate, type AriCommandContext } from './commands.ts';
import { DeliveryCheck } from './delivery-check.ts';
import type { AriRest } from './rest.ts';
import { takeSnapshot } from './snapshot.ts';

export interface AriConnectionOptions {
  readonly target: PbxTarget;
  readonly context: ConnectContext;
  readonly rest: AriRest;
  readonly socket: WebSocket;
  readonly application: string;
  readonly clockOffsetMs: number;
}

/** Between looks whether what the PBX says still reaches us. */
const CHECK_EVERY_MS = 60_000;
/** Where heartbeats are closer together than usual, so are the checks. */
const HEARTBEATS_A_CHECK = 4;
const CLOSE_MS = 1000;

/**
 * An open ARI socket. Asterisk never pings by itself, so we do, and anything that arrives within the time for an
 * answer is one. From time to time it is looked whether events reach us, too.
 */
export class AriConnection implements PbxConnection {
  identity: PbxIdentity = { product: null, serial: null, startMark: null, warnings: [] };
  readonly #core: LinkCore;
  readonly #options: AriConnectionOptions;
  readonly #check: DeliveryCheck;
  readonly #timers: NodeJS.Timeout[] = [];
  #deadline: NodeJS.Timeout | undefined;

  constructor(options: AriConnectionOptions) {
    const { target, context, socket } = options;
    this.#options = options;
    this.#core = new LinkCore({ endpoint: target, options: target.options, now: context.now });
    this.#check = new DeliveryCheck({
      ...options,
      answerMs: context.timing.answerMs,
      signal: this.#core.lifetime,
      logger: context.logger,
      onLost: (problem) => this.#core.end({ kind: 'silent' }, problem),
    });
    socket.on('message', (data: RawData) => this.#receive(data));
    socket.on('pong', () => this.#heartbeat());
    socket.on('close', (code: number) =>
      this.#core.end({ kind: 'unreachable' }, `the connection was closed (${code})`),
    );
    socket.on('error', (error) =>
      this.#core.end(faultOfSocket(error), `the connection failed: ${error.message}`, error),
    );
    this.#core.lifetime.addEventListener('abort', () => this.#close(), { once: true });
    this.#startTimers();
  }

  get tally(): Readonly<Tally> {
    return this.#core.tally;
  }

  get ended(): Promise<LinkError> {
    return this.#core.ended;
  }

  /** Why the link is over; null while it is not. */
  get error(): LinkError | null {
    return this.#core.error;
  }

  words(): AsyncIterable<Word> {
    return this.#core.words;
  }

  snapshot(signal: AbortSignal): Promise<PbxSnapshot> {
    const { rest, context, clockOffsetMs } = this.#options;
    return this.#core.snapshot(signal, context.timing.snapshotMs, (within) =>
      takeSnapshot({
        rest,
        state: this.#core.state,
        at: () => this.#core.at(),
        clockOffsetMs,
        signal: within,
      }),
    );
  }

  isAlive(call: string, signal: AbortSignal): Promise<Liveness> {
    return isAlive(call, this.#command(signal));
  }

  originate(wish: OriginateRequest, signal: AbortSignal): Promise<Originated> {
    return originate(wish, this.#options.target.options, this.#command(signal));
  }

  hangUp(call: string, signal: AbortSignal): Promise<'done' | 'gone'> {
    return hangUp(call, this.#command(signal));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { socket } = this.#options;
    const closed = new Promise<void>((resolve) => {
      if (socket.readyState === socket.CLOSED) resolve();
      else socket.once('close', () => resolve());
    });
    this.#core.end({ kind: 'closed' }, 'closed by us');
    await closed;
  }

  #command(signal: AbortSignal): AriCommandContext {
    const { rest } = this.#options;
    return { rest, state: this.#core.state, signal: AbortSignal.any([signal, this.#core.lifetime]) };
  }

  #receive(data: RawData): void {
    if (this.#core.error !== null) return;
    this.#heard();
    const raw = textOf(data);
    const { tally } = this.#core;
    tally.frames++;
    tally.bytes += Array.isArray(data) ? raw.length : data.byteLength;
    const decoded = decodeFrame(raw);
    if (decoded.kind === 'probe') this.#check.heard(decoded.mark);
    this.#core.take(decoded, raw);
  }

  #heartbeat(): void {
    this.#heard();
    this.#core.tally.frames++;
    this.#core.tally.heartbeats++;
  }

  #heard(): void {
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
  }

  #startTimers(): void {
    const { heartbeatEveryMs } = this.#options.context.timing;
    const checkEveryMs = Math.min(CHECK_EVERY_MS, heartbeatEveryMs * HEARTBEATS_A_CHECK);
    this.#timers.push(
      setInterval(() => this.#ping(), heartbeatEveryMs),
      setInterval(() => void this.#check.run(), checkEveryMs),
    );
  }

  #ping(): void {
    const { heartbeatAnswerMs } = this.#options.context.timing;
    this.#options.socket.ping();
    this.#deadline ??= setTimeout(
      () => this.#core.end({ kind: 'silent' }, `nothing came within ${heartbeatAnswerMs} ms after a ping`),
      heartbeatAnswerMs,
    );
  }

  /** An orderly close where the other side takes part in it, within a short time. */
  #close(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#heard();
    const { socket } = this.#options;
    if (this.#core.error?.fault.kind !== 'closed') {
      socket.terminate();
      return;
    }
    socket.close(1000);
    const timer = setTimeout(() => socket.terminate(), CLOSE_MS);
    socket.once('close', () => clearTimeout(timer));
  }
}

const textOf = (data: RawData): string =>
  Array.isArray(data)
    ? Buffer.concat(data).toString('utf8')
    : Buffer.isBuffer(data)
      ? data.toString('utf8')
      : Buffer.from(data).toString('utf8');

/** Frames that break the protocol's rules or bounds are no trouble of the network. */
const faultOfSocket = (error: Error): { readonly kind: 'protocol' | 'unreachable' } =>
  'code' in error && String(error.code).startsWith('WS_ERR_')
    ? { kind: 'protocol' }
    : { kind: 'unreachable' };
