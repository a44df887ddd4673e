import { createHash, timingSafeEqual } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { Outlet } from '../../faults/outlet.ts';
import { countSocketClosed, countSocketOpened } from '../../tallies.ts';
import { actions, type ActionContext, type ActionResult } from './actions.ts';
import { breakMessage } from './break-message.ts';
import { EventFilter } from './event-filter.ts';
import { event, type AmiEvent } from './event.ts';
import { lists, type List } from './lists.ts';
import { MessageReader, write, type AmiMessage, type Headers } from './message.ts';
import { Writer } from './writer.ts';

const BANNER = 'Asterisk Call Manager/11.0.0\r\n';

/** One client: its login, the events that it wants, its actions in the order in which they came. */
export class AmiSession {
  readonly #context: ActionContext;
  readonly #source: string;
  readonly #socket: Duplex;
  readonly #writer: Writer;
  readonly #outlet: Outlet;
  readonly #reader = new MessageReader();
  readonly #decoder = new StringDecoder('utf8');
  readonly #filter = new EventFilter();
  readonly #challenge: string;
  readonly #stopLoginWatch: () => void;
  /** Null is all of them. */
  #classes: ReadonlySet<string> | null = new Set();
  #state: 'fresh' | 'refused' | 'in' | 'closed' = 'fresh';

  constructor(socket: Duplex, source: string, context: ActionContext, onClose: () => void) {
    const { faults, chance, tallies, delays, timers, limits } = context;
    this.#context = context;
    this.#source = source;
    this.#socket = socket;
    this.#challenge = String(chance.between(100_000_000, 999_999_999));
    this.#writer = new Writer(socket, chance);
    const send = (text: string): void => this.#writer.write(text);
    this.#outlet = new Outlet({ send, breakFrame: breakMessage, faults, chance, tallies, delays });
    this.#stopLoginWatch = timers.after(limits.loginMs, () => socket.destroy());
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#stopLoginWatch();
      if (this.#state === 'in') countSocketClosed(tallies);
      this.#state = 'closed';
      onClose();
    });
    this.#writer.write(BANNER);
  }

  push({ eventClass, text }: AmiEvent): void {
    if (this.#state !== 'in') return;
    if (this.#classes !== null && !this.#classes.has(eventClass)) return;
    if (this.#filter.passes(text)) this.#outlet.push(text);
  }

  #take(chunk: Buffer): void {
    try {
      for (const message of this.#reader.take(this.#decoder.write(chunk))) this.#act(message);
    } catch (error) {
      this.#context.logger.debug({ err: error }, 'an AMI client is cut off');
      this.#socket.destroy();
    }
  }

  #act(message: AmiMessage): void {
    if (this.#state === 'refused' || this.#state === 'closed') return;
    this.#context.tallies.requests += 1;
    const name = (message.get('action') ?? '').toLowerCase();
    if (name === 'challenge') this.#reply(message, 'Success', [['Challenge', this.#challenge]]);
    else if (name === 'login') this.#login(message);
    else if (name === 'logoff') this.#logoff(message);
    else if (this.#state !== 'in') this.#reply(message, 'Error', [['Message', 'Permission denied']]);
    else this.#actLoggedIn(name, message);
  }

  #actLoggedIn(name: string, message: AmiMessage): void {
    const action = actions[name];
    const list = lists[name];
    if (name === 'events') this.#chooseEvents(message);
    else if (name === 'filter') this.#addFilter(message);
    else if (name !== 'ping' && this.#context.faults.has('unavailable'))
      this.#reply(message, 'Error', [['Message', 'Not available']]);
    else if (list !== undefined) {
      if (name === 'coreshowchannels') this.#context.tallies.snapshots += 1;
      this.#replyWithList(message, () => list(this.#context));
    } else if (action === undefined) {
      const text = `Invalid/unknown command: ${message.get('action') ?? ''}. Use Action: ListCommands to show available commands.`;
      this.#reply(message, 'Error', [['Message', text]]);
    } else this.#answer(message, action(this.#context, message));
  }

  #answer(message: AmiMessage, result: ActionResult): void {
    if (result.kind === 'list') this.#replyWithList(message, () => result.list);
    else this.#reply(message, result.kind === 'success' ? 'Success' : 'Error', result.headers);
  }

  #login(message: AmiMessage): void {
    const { guard, tallies, limits, timers } = this.#context;
    if (guard.attempt(this.#source, this.#isRight(message)) !== 'accepted') {
      this.#state = 'refused';
      timers.after(limits.badLoginDelayMs, () => {
        this.#reply(message, 'Error', [['Message', 'Authentication failed']]);
        this.#writer.end();
      });
      return;
    }
    this.#stopLoginWatch();
    if (this.#state === 'fresh') countSocketOpened(tallies);
    this.#state = 'in';
    this.#classes = classesOf(message.get('events') ?? 'on');
    this.#reply(message, 'Success', [['Message', 'Authentication accepted']]);
    this.#sayBooted();
  }

  #isRight(message: AmiMessage): boolean {
    const { username, secret } = this.#context.credential;
    if (message.get('username') !== username) return false;
    if ((message.get('authtype') ?? '').toLowerCase() !== 'md5')
      return same(message.get('secret') ?? '', secret);
    const key = createHash('md5')
      .update(this.#challenge + secret)
      .digest('hex');
    return same(message.get('key') ?? '', key);
  }

  #sayBooted(): void {
    const { clock } = this.#context;
    if (this.#classes !== null && !this.#classes.has('system')) return;
    const uptime = Math.max(0, Math.floor((clock.now() - clock.startedAt()) / 1000));
    const booted = event('FullyBooted', 'system', [
      ['Uptime', uptime],
      ['LastReload', uptime],
      ['Status', 'Fully Booted'],
    ]);
    this.#writer.write(booted.text);
  }

  #logoff(message: AmiMessage): void {
    this.#reply(message, 'Goodbye', [['Message', 'Thanks for all the fish.']]);
    this.#writer.end();
  }

  #chooseEvents(message: AmiMessage): void {
    const mask = message.get('eventmask') ?? 'on';
    this.#classes = classesOf(mask);
    this.#reply(message, 'Success', [['Events', this.#classes?.size === 0 ? 'Off' : 'On']]);
  }

  #addFilter(message: AmiMessage): void {
    const added =
      (message.get('operation') ?? '').toLowerCase() === 'add' &&
      this.#filter.add(message.get('filter') ?? '');
    if (added) this.#reply(message, 'Success', [['Message', 'Success']]);
    else this.#reply(message, 'Error', [['Message', 'Filter format error']]);
  }

  #reply(message: AmiMessage, response: string, headers: Headers): void {
    this.#writer.write(write([['Response', response], ...idOf(message), ...headers]));
  }

  /** Rows stand together: no event gets in between. Faults of snapshots happen here. */
  #replyWithList(message: AmiMessage, make: () => List): void {
    const { faults, timers, chance } = this.#context;
    const fault = faults.get('snapshot');
    switch (fault?.mode ?? 'ok') {
      case 'failing':
        this.#reply(message, 'Error', [['Message', 'Unable to list']]);
        return;
      case 'slow':
        timers.after(fault?.ms ?? 3_000, () => this.#writeList(message, make(), 'whole'));
        return;
      case 'partial':
        this.#writeList(message, make(), chance.happens(0.5) ? 'tooFew' : 'endless');
        return;
      case 'ok':
        this.#writeList(message, make(), 'whole');
    }
  }

  #writeList(
    message: AmiMessage,
    { message: text, complete, rows }: List,
    manner: 'whole' | 'tooFew' | 'endless',
  ): void {
    const id = idOf(message);
    const given = manner === 'whole' ? rows : rows.slice(0, rows.length >> 1);
    this.#reply(message, 'Success', [
      ['EventList', 'start'],
      ['Message', text],
    ]);
    for (const [head, ...rest] of given)
      this.#writer.write(write(head === undefined ? rest : [head, ...id, ...rest]));
    if (manner === 'endless') return;
    const tail: Headers = [
      ['EventList', 'Complete'],
      ['ListItems', manner === 'tooFew' ? given.length + 1 : rows.length],
    ];
    this.#writer.write(write([['Event', complete], ...id, ...tail]));
  }
}

function idOf(message: AmiMessage): Headers {
  const id = message.get('actionid');
  return id === undefined ? [] : [['ActionID', id]];
}

/** Null stands for all classes. */
function classesOf(mask: string): ReadonlySet<string> | null {
  const words = mask
    .toLowerCase()
    .split(',')
    .map((word) => word.trim());
  if (words.includes('on') || words.includes('all')) return null;
  return new Set(words.filter((word) => word !== 'off' && word !== ''));
}

function same(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
