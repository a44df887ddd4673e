import { createLogger } from '@trunkline/service-kit';
import type { ConnectPhase, LinkTiming } from '../../port/connection.ts';
import type { Word } from '../../port/words.ts';
import { connectYeastar } from '../adapter.ts';
import type { YeastarConnection } from '../connection.ts';
import { MemorySession } from './memory-session.ts';
import type { ScriptedPbx } from './scripted-pbx.ts';

export const timing: LinkTiming = {
  dialMs: 5_000,
  answerMs: 5_000,
  heartbeatEveryMs: 60_000,
  heartbeatAnswerMs: 60_000,
  snapshotMs: 10_000,
};

export interface ConnectOptions {
  readonly store?: MemorySession;
  readonly timing?: Partial<LinkTiming>;
  readonly signal?: AbortSignal;
}

export interface Attempt {
  readonly phases: ConnectPhase[];
  readonly logs: string[];
  readonly store: MemorySession;
  readonly connect: () => Promise<YeastarConnection>;
}

/** An attempt to connect, with all that is told on the way. */
export function attempt(pbx: ScriptedPbx, options: ConnectOptions = {}): Attempt {
  const phases: ConnectPhase[] = [];
  const logs: string[] = [];
  const store = options.store ?? new MemorySession();
  const destination = { write: (line: string) => void logs.push(line) };
  const logger = createLogger({ name: 'test', level: 'trace', redactPhoneNumbers: false, destination });
  const target = {
    id: 'pbx',
    vendor: 'yeastar' as const,
    ...pbx.endpoint,
    credential: { username: 'id', secret: 's3cret' },
    options: {},
  };
  const context = {
    signal: options.signal ?? new AbortController().signal,
    logger,
    now: Date.now,
    timing: { ...timing, ...options.timing },
    onPhase: (phase: ConnectPhase) => phases.push(phase),
    session: store,
  };
  return { phases, logs, store, connect: () => connectYeastar(target, context) };
}

export const connectTo = (pbx: ScriptedPbx, options?: ConnectOptions): Promise<YeastarConnection> =>
  attempt(pbx, options).connect();

/** Collects words until the link ends; `words` fills as they come. */
export function listen(connection: YeastarConnection): {
  readonly words: Word[];
  readonly done: Promise<void>;
} {
  const words: Word[] = [];
  const done = (async () => {
    for await (const word of connection.words()) words.push(word);
  })();
  return { words, done };
}
