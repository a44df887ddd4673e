import type { Socket } from 'node:net';
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
import { LinkError, RefusalError } from '../port/fault.ts';
import type { PbxTarget } from '../port/target.ts';
import type { PbxSnapshot, Word } from '../port/words.ts';
import { Actions } from './actions.ts';
import { decodeMessage } from './codec.ts';
import { hangUp, isAlive, originate, type AmiCommandContext } from './commands.ts';
import { faultOfRefusal } from './login.ts';
import { MessageFramer } from './message-framer.ts';
import { OriginateAnswers } from './originate-answers.ts';
import { takeSnapshot } from './snapshot.ts';

export interface AmiConnectionOptions {
  readonly target: PbxTarget;
  readonly context: ConnectContext;
  readonly socket: Socket;
}

/** How long the PBX may take to close after we have logged off. */
const CLOSE_MS = 1000;
const bannerForm = /^Asterisk Call Manager\//i;

/**
 * An open AMI connection, from the first byte on. AMI says nothing by itself when nothing happens, so it is pinged, and
 * anything that arrives within the time for an answer is one. `start` begins that, once the login is through.
 */
export class AmiConnection implements PbxConnection {
  identity: PbxIdentity = { product: null, serial: null, startMark: null, warnings: [] };
  readonly actions: Actions;
  readonly #core: LinkCore;
  readonly #options: AmiConnectionOptions;
  readonly #answers: OriginateAnswers;
  readonly #framer: MessageFramer;
  readonly #banner = Promise.withResolvers<void>();
  readonly #booted = Promise.withResolvers<void>();
  #heartbeat: NodeJS.Timeout | undefined;
  #deadline: NodeJS.Timeout | undefined;

  constructor(options: AmiConnectionOptions) {
    const { target, context, socket } = options;
    const { answerMs } = context.timing;
    this.#options = options;
    this.#core = new LinkCore({ endpoint: target, options: target.options, now: context.now });
    this.#answers = new OriginateAnswers(answerMs);
    this.actions = new Actions({
      write: (text) => void socket.write(text),
      timeoutMs: answerMs,
      onTimeout: (action) =>
        this.#core.fault({ kind: 'unreachable' }, `it did not answer ${action} within ${answerMs} ms`),
    });
    this.#framer = new MessageFramer({
      onBanner: (line) => this.#greet(line),
      onMessage: (text) => this.#receive(text),
      onOversize: (head) => this.#setAside(head),
    });
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', (error) =>
      this.#core.end({ kind: 'unreachable' }, `the connection failed: ${error.message}`, error),
    );
    socket.on('close', () => this.#core.end({ kind: 'unreachable' }, 'the connection was closed'));
    this.#core.lifetime.addEventListener('abort', () => this.#close(), { once: true });
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

  get lifetime(): AbortSignal {
    return this.#core.lifetime;
  }

  /** The PBX has greeted as a call manager does. Pends for ever where it doesn't. */
  get greeted(): Promise<void> {
    return this.#banner.promise;
  }

  /** The PBX has said that it is ready. Pends for ever where it doesn't. */
  get booted(): Promise<void> {
    return this.#booted.promise;
  }

  /** What a refusal, or anything else that went wrong while connecting, means for the link. */
  faultOf(error: unknown): LinkError {
    if (this.#core.error !== null) return this.#core.error;
    if (error instanceof LinkError) return error;
    if (!(error instanceof RefusalError)) return this.#core.fault({ kind: 'protocol' }, String(error), error);
    const { fault, remedy } = faultOfRefusal(error);
    return this.#core.fault(fault, `${error.message}. ${remedy}`, error);
  }

  start(): void {
    const { heartbeatEveryMs } = this.#options.context.timing;
    this.#heartbeat = setInterval(() => this.#ping(), heartbeatEveryMs);
  }

  words(): AsyncIterable<Word> {
    return this.#core.words;
  }

  snapshot(signal: AbortSignal): Promise<PbxSnapshot> {
    const { snapshotMs } = this.#options.context.timing;
    return this.#core.snapshot(signal, snapshotMs, async (within) => {
      try {
        return await takeSnapshot({
          actions: this.actions,
          state: this.#core.state,
          at: () => this.#core.at(),
          signal: within,
        });
      } catch (error) {
        throw error instanceof RefusalError && /permission/i.test(error.message)
          ? this.faultOf(error)
          : error;
      }
    });
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
      if (socket.closed) resolve();
      else socket.once('close', () => resolve());
    });
    this.#core.end({ kind: 'closed' }, 'closed by us');
    await closed;
  }

  #command(signal: AbortSignal): AmiCommandContext {
    const within = AbortSignal.any([signal, this.#core.lifetime]);
    return { actions: this.actions, state: this.#core.state, answers: this.#answers, signal: within };
  }

  #read(chunk: Buffer): void {
    if (this.#core.error !== null) return;
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
    this.#core.tally.bytes += chunk.length;
    this.#framer.push(chunk);
  }

  #greet(line: string): void {
    if (bannerForm.test(line)) this.#banner.resolve();
    else
      this.#core.end(
        { kind: 'protocol' },
        'it does not greet as an Asterisk call manager. Check vendor and port.',
      );
  }

  #receive(text: string): void {
    if (this.#core.error !== null) return;
    const { tally } = this.#core;
    tally.frames++;
    if (this.actions.take(text)) {
      if (text.includes('\r\nPing: ')) tally.heartbeats++;
      else tally.replies++;
      return;
    }
    if (this.#answers.size > 0) this.#answers.hear(text);
    this.#core.take(decodeMessage(text), text);
    if (text.startsWith('Event: FullyBooted\r\n')) this.#booted.resolve();
  }

  #setAside(head: string): void {
    this.#core.tally.frames++;
    this.#core.setAside(head, 'is longer than any message we know');
  }

  #ping(): void {
    const { heartbeatAnswerMs } = this.#options.context.timing;
    this.#deadline ??= setTimeout(
      () => this.#core.end({ kind: 'silent' }, `nothing came within ${heartbeatAnswerMs} ms after a ping`),
      heartbeatAnswerMs,
    );
    // What matters is that anything comes back; the deadline above speaks for an answer that doesn't.
    this.actions.ask('Ping', {}, this.#core.lifetime).catch(() => undefined);
  }

  #close(): void {
    clearInterval(this.#heartbeat);
    clearTimeout(this.#deadline);
    const { socket } = this.#options;
    const error = this.#core.error;
    if (error !== null) this.actions.fail(error);
    if (error?.fault.kind !== 'closed' || !socket.writable) {
      socket.destroy();
      return;
    }
    socket.end('Action: Logoff\r\n\r\n');
    // What still comes is not read by anybody, and must be taken off the socket for its end to be seen.
    socket.resume();
    const timer = setTimeout(() => socket.destroy(), CLOSE_MS);
    socket.once('close', () => clearTimeout(timer));
  }
}
