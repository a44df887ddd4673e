import type { Logger } from '@trunkline/service-kit';
import type { RawData, WebSocket } from 'ws';
import type {
  LinkTiming,
  Liveness,
  OriginateRequest,
  Originated,
  PbxConnection,
  PbxIdentity,
  Tally,
} from '../port/connection.ts';
import { LinkError, RefusalError } from '../port/fault.ts';
import type { PbxSnapshot, Said, Word } from '../port/words.ts';
import { WordQueue } from '../transport/word-queue.ts';
import { readFrame } from './codec.ts';
import { closeSocket, linkErrorOfClose } from './close-socket.ts';
import { dialCall, hangUpCall } from './commands.ts';
import type { Frame } from './frames.ts';
import { Heart } from './heart.ts';
import { startOfCall } from './pbx-clock.ts';
import { findCall, readCalls, readRoster, searchRecords } from './read-lists.ts';
import type { Rest } from './rest.ts';
import { RosterRefresh } from './roster-refresh.ts';
import { Switchboard } from './switchboard.ts';
import type { Tokens } from './tokens.ts';

export interface YeastarLink {
  readonly rest: Rest;
  readonly tokens: Tokens;
  /** Ends whatever is under way when the link ends. */
  readonly life: AbortController;
  readonly timing: LinkTiming;
  readonly logger: Logger;
}

type Reply = Extract<Frame, { kind: 'reply' }>;

/** Records are searched from this much before the moment that is asked for: clocks differ, and records are written late. */
const SEARCH_BEFORE_MS = 5 * 60_000;

/** Records tell times in whole seconds, by a clock whose distance from ours is known to a second. */
const RECORD_TIME_MS = 3_000;
/** Unknown frames are counted without end and logged only so often. */
const UNKNOWN_LOGGED_MAX = 20;

/** One event socket with the REST calls beside it. It ends once, for one reason, and everything under way ends with it. */
export class YeastarConnection implements PbxConnection {
  identity: PbxIdentity = { product: null, serial: null, startMark: null, warnings: [] };
  readonly tally: Tally = {
    frames: 0,
    replies: 0,
    heartbeats: 0,
    events: 0,
    ignored: 0,
    unknown: 0,
    unreadable: 0,
    bytes: 0,
  };
  readonly ended: Promise<LinkError>;
  readonly #socket: WebSocket;
  readonly #link: YeastarLink;
  readonly #queue = new WordQueue({ onOverrun: () => this.#onOverrun() });
  readonly #board: Switchboard;
  readonly #heart: Heart;
  readonly #settleEnded: (error: LinkError) => void;
  #over: LinkError | null = null;
  #confirmed = false;
  #takingSnapshot = false;
  #disposed: Promise<void> | null = null;
  #onReply: ((reply: Reply) => void) | null = null;

  constructor(socket: WebSocket, link: YeastarLink) {
    const { promise, resolve } = Promise.withResolvers<LinkError>();
    this.ended = promise;
    this.#settleEnded = resolve;
    this.#socket = socket;
    this.#link = link;
    const { timing, rest } = link;
    this.#heart = new Heart({
      everyMs: timing.heartbeatEveryMs,
      answerMs: timing.heartbeatAnswerMs,
      beat: () => socket.send('heartbeat', () => undefined),
      onSilence: () =>
        this.#end(
          { kind: 'silent' },
          'No answer to a heartbeat; the connection is half open or the PBX hangs.',
        ),
    });
    const roster = new RosterRefresh(() => this.#refreshRoster(), link.life.signal, link.logger);
    this.#board = new Switchboard({
      say: (word) => this.#queue.push(word),
      startOf: (call) => startOfCall(call, rest.site.clock, rest.site.now()),
      onRosterChanged: () => roster.want(),
    });
    socket.on('message', (data, isBinary) => this.#hear(data, isBinary));
    socket.on('close', (code, reason) => this.#finish(linkErrorOfClose(code, reason.toString('utf8'))));
  }

  /** Sends a control frame and waits for its answer; the PBX answers them one by one, in order. */
  async ask(frame: string): Promise<Reply> {
    const { promise, resolve } = Promise.withResolvers<Reply | null>();
    this.#onReply = resolve;
    const timer = setTimeout(() => resolve(null), this.#link.timing.answerMs);
    try {
      this.#socket.send(frame, () => undefined);
      const answer = await Promise.race([promise, this.ended]);
      if (answer instanceof LinkError) throw answer;
      if (answer !== null) return answer;
      throw new LinkError(
        { kind: 'unreachable' },
        'The PBX opened the event socket and does not answer the subscription.',
      );
    } finally {
      clearTimeout(timer);
      this.#onReply = null;
    }
  }

  /** The subscription is confirmed: from now on the link is alive by its heartbeat. */
  confirm(identity: PbxIdentity): void {
    this.identity = identity;
    this.#confirmed = true;
    this.#heart.start();
    this.#link.tokens.keepFresh();
  }

  words(): AsyncIterable<Word> {
    return this.#queue;
  }

  async snapshot(signal: AbortSignal): Promise<PbxSnapshot> {
    if (this.#takingSnapshot) throw new RefusalError('A snapshot is under way; take one at a time.');
    this.#takingSnapshot = true;
    const { rest, timing } = this.#link;
    const deadline = AbortSignal.timeout(timing.snapshotMs);
    const stop = new AbortController();
    const until = AbortSignal.any([signal, deadline, stop.signal]);
    const mark = this.#board.mark();
    try {
      const [calls, extensions] = await Promise.all([readCalls(rest, until), readRoster(rest, until)]);
      if (this.#over !== null) throw this.#over;
      return this.#board.adopt({ calls, extensions }, mark, this.#now());
    } catch (error) {
      if (this.#over === null) this.#board.settle(this.#now());
      if (!deadline.aborted || signal.aborted) throw this.#over ?? error;
      const message = `No complete snapshot within ${timing.snapshotMs} ms.`;
      throw new LinkError({ kind: 'unreachable' }, message, { cause: error });
    } finally {
      stop.abort();
      this.#takingSnapshot = false;
    }
  }

  async isAlive(call: string, signal: AbortSignal): Promise<Liveness> {
    try {
      const listed = await findCall(this.#link.rest, call, signal);
      if (listed === null) return 'gone';
      return listed.members.some(({ status }) => status !== 'BYE') ? 'alive' : 'unknown';
    } catch {
      return 'unknown';
    }
  }

  originate(request: OriginateRequest, signal: AbortSignal): Promise<Originated> {
    return this.#board.dial(request.from, () => dialCall(this.#link.rest, request, signal));
  }

  hangUp(call: string, signal: AbortSignal): Promise<'done' | 'gone'> {
    return hangUpCall(this.#link.rest, call, AbortSignal.any([signal, this.#link.life.signal]));
  }

  /** What the PBX recorded since then of calls that are over: ends and recordings that nobody was there to hear of. */
  async catchUp(since: number, signal: AbortSignal): Promise<readonly Said[]> {
    const now = this.#now();
    const stretch = { from: since - SEARCH_BEFORE_MS, to: now + SEARCH_BEFORE_MS };
    const records = await searchRecords(this.#link.rest, stretch, signal);
    return this.#board.learnFromRecords(records, since - RECORD_TIME_MS, this.#now());
  }

  /** Ends the link from within, for a reason of ours or of the PBX's. */
  fail(error: LinkError): void {
    this.#finish(error);
    this.#socket.terminate();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#disposed ??= this.#dispose();
    return this.#disposed;
  }

  /** A token that a healthy link used is given back; one of a broken link is kept for the next. */
  async #dispose(): Promise<void> {
    const healthy = this.#over === null && this.#confirmed;
    this.#finish(new LinkError({ kind: 'closed' }, 'The link was closed by us.'));
    await closeSocket(this.#socket);
    if (healthy) await this.#link.tokens.release();
  }

  #hear(data: RawData, isBinary: boolean): void {
    if (this.#over !== null) return;
    const bytes = Buffer.isBuffer(data)
      ? data
      : Buffer.concat(Array.isArray(data) ? data : [new Uint8Array(data)]);
    this.#heart.heard();
    this.tally.frames++;
    this.tally.bytes += bytes.length;
    this.#receive(isBinary ? { kind: 'unknown', type: null } : readFrame(bytes.toString('utf8')));
  }

  #receive(frame: Frame): void {
    switch (frame.kind) {
      case 'event':
        this.tally.events++;
        this.#board.hear(frame.meaning, this.#now());
        break;
      case 'heartbeat':
        this.tally.heartbeats++;
        break;
      case 'reply':
        this.tally.replies++;
        this.#onReply?.(frame);
        break;
      case 'ignored':
        this.tally.ignored++;
        break;
      case 'unreadable':
        this.tally.unreadable++;
        this.#queue.push(frame);
        break;
      case 'unknown':
        if (this.tally.unknown++ < UNKNOWN_LOGGED_MAX)
          this.#link.logger.info(
            { frameType: frame.type },
            'the PBX sent a frame of a kind that we do not know',
          );
        break;
    }
  }

  async #refreshRoster(): Promise<void> {
    const mark = this.#board.mark();
    const { rest, life } = this.#link;
    const extensions = await readRoster(rest, life.signal);
    if (this.#over === null) this.#board.refreshRoster(extensions, mark, this.#now());
  }

  #now(): number {
    return Math.round(this.#link.rest.site.now());
  }

  #onOverrun(): void {
    this.#end({ kind: 'overrun' }, 'The reader of this link is too slow; words were dropped.');
  }

  #end(fault: LinkError['fault'], message: string): void {
    this.fail(new LinkError(fault, message));
  }

  #finish(error: LinkError): void {
    if (this.#over !== null) return;
    this.#over = error;
    this.#heart.stop();
    this.#link.tokens.stop();
    this.#link.life.abort();
    this.#queue.end();
    this.#settleEnded(error);
  }
}
