import { randomBytes } from 'node:crypto';
import { RefusalError } from '../port/fault.ts';
import { serializeAction, type ActionFields } from './action.ts';
import { headerOf } from './header.ts';

export interface ActionsOptions {
  readonly write: (text: string) => void;
  readonly timeoutMs: number;
  /** The error for an answer that did not come in time. */
  readonly onTimeout: (action: string) => Error;
}

interface Waiting {
  readonly action: string;
  readonly rows: string[];
  readonly isList: boolean;
  readonly settle: (error: Error | null, text: string) => void;
  readonly refresh: () => void;
}

/** Longer than any PBX's list; what sends more is none. */
const ROWS_MAX = 200_000;

/**
 * Actions under way. Answers and rows of lists find their action by its ActionID, in whatever order they come; an
 * action whose answer, or whose next row, does not come in time fails.
 */
export class Actions {
  readonly #options: ActionsOptions;
  readonly #waiting = new Map<string, Waiting>();
  /** Ids must not recur within the life of the PBX's session, nor be those of another client in its logs. */
  readonly #prefix = `trunkline-${randomBytes(6).toString('hex')}`;
  #count = 0;

  constructor(options: ActionsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** For actions whose id is needed beyond their answer. */
  nextId(): string {
    return `${this.#prefix}-${++this.#count}`;
  }

  /** The answer to one action. A refusal rejects with what the PBX said. */
  async ask(action: string, fields: ActionFields, signal: AbortSignal, id = this.nextId()): Promise<string> {
    const { text } = await this.#send(action, id, fields, signal, false);
    return text;
  }

  /** All rows of a list, or a rejection: also where the PBX counted other than we did. */
  async list(action: string, fields: ActionFields, signal: AbortSignal): Promise<string[]> {
    const { text, rows } = await this.#send(action, this.nextId(), fields, signal, true);
    const announced = headerOf(text, 'ListItems');
    if (announced !== '' && Number(announced) !== rows.length)
      throw new RefusalError(
        `The list of ${action} is incomplete: ${rows.length} of ${announced} rows came.`,
      );
    return rows;
  }

  /** True where the message belongs to an action; it is dealt with then. */
  take(text: string): boolean {
    if (this.#waiting.size === 0) return false;
    const waiting = this.#waiting.get(headerOf(text, 'ActionID'));
    if (waiting === undefined) return false;
    if (text.startsWith('Response: ')) takeResponse(waiting, text);
    else takeRow(waiting, text);
    return true;
  }

  fail(error: Error): void {
    for (const waiting of this.#waiting.values()) waiting.settle(error, '');
  }

  #send(
    action: string,
    id: string,
    fields: ActionFields,
    signal: AbortSignal,
    isList: boolean,
  ): Promise<{ text: string; rows: string[] }> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(asError(signal.reason));
        return;
      }
      const written = serializeAction(action, id, fields);
      const { timeoutMs, onTimeout } = this.#options;
      const timer = setTimeout(() => settle(onTimeout(action), ''), timeoutMs);
      const onAbort = (): void => settle(asError(signal.reason), '');
      const rows: string[] = [];
      const settle = (error: Error | null, text: string): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        this.#waiting.delete(id);
        if (error === null) resolve({ text, rows });
        else reject(error);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.set(id, { action, rows, isList, settle, refresh: () => timer.refresh() });
      this.#options.write(written);
    });
  }
}

function takeResponse({ action, isList, settle, refresh }: Waiting, text: string): void {
  const response = headerOf(text, 'Response');
  if (response !== 'Success' && response !== 'Follows' && response !== 'Goodbye')
    settle(new RefusalError(headerOf(text, 'Message') || `${action} was refused without a reason`), text);
  else if (!isList) settle(null, text);
  else if (headerOf(text, 'EventList') === 'start') refresh();
  else settle(new RefusalError(`The PBX answers ${action} without a list.`), text);
}

function takeRow({ action, rows, isList, settle, refresh }: Waiting, text: string): void {
  if (!isList) return;
  const end = headerOf(text, 'EventList');
  if (end === 'Complete') settle(null, text);
  else if (end === 'cancelled') settle(new RefusalError(`The PBX broke off the list of ${action}.`), text);
  else if (rows.length >= ROWS_MAX) settle(new RefusalError(`The list of ${action} has no end.`), text);
  else {
    rows.push(text);
    refresh();
  }
}

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));
