import type { CommandOutcome, Result, Wanted } from '@trunkline/realtime-protocol';
import type { RealtimeClient } from '../client.ts';
import { CommandError } from './command-error.ts';
import type { CommandStorage, StoredCommand } from './command-storage.ts';

/** Nobody wants a call to begin or end later than this; the server doesn't either. */
export const callControlMsMax = 5_000;
/** The server knows a key for ten minutes, so nothing may be sent again after that. */
export const commandMsMax = 540_000;
const otherMsDefault = 300_000;
/** What one message asks for at most; it is sent again where that is not enough. Servers take more. */
const wireMsMax = 30_000;
/** Commands under way at once. Servers take more. */
const atOnceMax = 8;
/** Commands that wait here, sent or not. */
export const waitingMax = 100;

export interface CommandOptions {
  /** How long it may still be done. Making and ending calls: 5 s at most. */
  readonly expiresInMs?: number;
  /** Names the wish: what is asked for twice under one key is done once. */
  readonly key?: string;
}

export interface SettledCommand {
  readonly key: string;
  readonly wanted: Wanted;
  readonly outcome: CommandOutcome | CommandError;
}

export interface CommandsOptions {
  /** Where acknowledgements and messages outlive the page. */
  readonly storage?: CommandStorage;
  /** Called for every command that has settled, also those of an earlier life of the page. */
  readonly onSettled?: (settled: SettledCommand) => void;
}

type Settle = (outcome: CommandOutcome | CommandError) => void;

interface Waiting {
  readonly key: string;
  readonly wanted: Wanted;
  readonly due: number;
  principal: string | null;
  /** The id of the message that carries it on the present connection. */
  sentAs: string | null;
  wasSent: boolean;
  readonly timer: unknown;
  /** Everybody who asked for it under its key. */
  readonly askers: Settle[];
}

export type Commands = ReturnType<typeof createCommands>;

/**
 * What somebody wants done, sent when there is a connection. Each has a deadline and settles by it, whatever happens; each
 * goes out in the name of who wanted it or not at all; each is done at most once, since the server knows it by its key.
 */
export function createCommands(client: RealtimeClient, { storage, onSettled }: CommandsOptions = {}) {
  const { environment } = client;
  const waiting = new Map<string, Waiting>();
  const { tenant, user } = client.getStatus();
  let principal = user === null ? null : `${tenant}/${user}`;
  let lastId = 0;
  let lastKey = 0;

  client.on('serve', ({ tenant, user }) => {
    principal = `${tenant}/${user}`;
    for (const one of waiting.values()) {
      one.sentAs = null;
      one.principal ??= principal;
      if (one.principal !== principal) fail(one, 'signed_out', 'somebody else is signed in');
    }
    send();
  });
  client.on('control', (message) => {
    if (message.type === 'result') hear(message);
  });
  client.on('connection:disconnected', ({ reason }) => {
    if (reason !== 'disconnected') return;
    for (const one of waiting.values()) fail(one, 'disconnected', 'the connection was closed on purpose');
  });
  void restore();

  /** Resolves when it is done, and rejects with a `CommandError` when it is not, at the latest when it expires. */
  function command(wanted: Wanted, options: CommandOptions = {}): Promise<CommandOutcome> {
    const { promise, resolve, reject } = Promise.withResolvers<CommandOutcome>();
    const { key = newKey(), expiresInMs } = options;
    const settle: Settle = (outcome) =>
      outcome instanceof CommandError ? reject(outcome) : resolve(outcome);
    const known = waiting.get(key);
    if (known !== undefined) known.askers.push(settle);
    else if (waiting.size >= waitingMax) {
      reject(new CommandError('full', `${waitingMax} commands wait already`, true));
    } else {
      const one = add(key, wanted, lifetimeOf(wanted, expiresInMs), principal);
      one.askers.push(settle);
      store(one);
      send();
    }
    return promise;
  }

  function add(key: string, wanted: Wanted, ms: number, principal: string | null): Waiting {
    const due = environment.now() + ms;
    const timer = environment.setTimer(() => expire(one), ms);
    const one: Waiting = { key, wanted, due, principal, sentAs: null, wasSent: false, timer, askers: [] };
    waiting.set(key, one);
    return one;
  }

  function send(): void {
    const all = [...waiting.values()];
    let free = atOnceMax - all.filter(({ sentAs }) => sentAs !== null).length;
    for (const one of all) {
      const expiresInMs = Math.min(wireMsMax, Math.floor(one.due - environment.now()));
      if (one.sentAs !== null || expiresInMs <= 0 || free <= 0) continue;
      const id = String((lastId += 1));
      if (!client.send({ type: 'command', id, key: one.key, expiresInMs, command: one.wanted })) return;
      one.sentAs = id;
      one.wasSent = true;
      free -= 1;
    }
  }

  function hear(result: Result): void {
    for (const one of waiting.values()) {
      if (one.sentAs !== result.id) continue;
      if (result.ok) settle(one, result.result);
      else settle(one, new CommandError(result.problem, result.message, result.nothingDone));
    }
    send();
  }

  function expire(one: Waiting): void {
    if (one.wasSent) fail(one, 'unanswered', 'no answer came in time');
    else fail(one, 'expired', 'no connection in time');
  }

  function fail(one: Waiting, problem: CommandError['problem'], message: string): void {
    settle(one, new CommandError(problem, message, !one.wasSent));
  }

  function settle(one: Waiting, outcome: CommandOutcome | CommandError): void {
    const { key, wanted } = one;
    environment.clearTimer(one.timer);
    waiting.delete(key);
    for (const asker of one.askers) asker(outcome);
    client.events.guard('control', () => onSettled?.({ key, wanted, outcome }));
    guarded(storage?.remove(key));
  }

  /** Only what may be done late, and only for somebody who is known. */
  function store({ key, wanted, principal, due }: Waiting): void {
    if (isCallControl(wanted) || principal === null) return;
    const storedAt = environment.wallNow();
    guarded(
      storage?.put({ key, wanted, principal, storedAt, expiresAt: storedAt + due - environment.now() }),
    );
  }

  async function restore(): Promise<void> {
    try {
      for (const stored of (await storage?.load()) ?? []) takeUp(stored);
      send();
    } catch (error) {
      environment.log.warn('commands of an earlier page could not be read', error);
    }
  }

  function takeUp({ key, wanted, principal: owner, storedAt, expiresAt }: StoredCommand): void {
    if (waiting.has(key)) return;
    const now = environment.wallNow();
    // A clock that went back says nothing about how old this is.
    const isGood = storedAt <= now && expiresAt > now && !isCallControl(wanted);
    const isOurs = principal === null || principal === owner;
    if (!isGood || !isOurs || waiting.size >= waitingMax) return guarded(storage?.remove(key));
    // It may have gone out before the page went.
    add(key, wanted, Math.min(commandMsMax, expiresAt - now), owner).wasSent = true;
  }

  function guarded(work: Promise<void> | undefined): void {
    work?.catch((error: unknown) => environment.log.debug('a command could not be stored', error));
  }

  function newKey(): string {
    const chance = [0, 0, 0].map(() => environment.random().toString(36).slice(2));
    return `${chance.join('')}-${(lastKey += 1)}`;
  }

  return { command, newKey, waiting: (): number => waiting.size };
}

/** Never kept and never done late. */
const isCallControl = (wanted: Wanted): boolean => 'pbx' in wanted;

function lifetimeOf(wanted: Wanted, asked?: number): number {
  const max = isCallControl(wanted) ? callControlMsMax : commandMsMax;
  return Math.max(0, Math.min(max, asked ?? otherMsDefault));
}
