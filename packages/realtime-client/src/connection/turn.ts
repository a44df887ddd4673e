import type { ConnectionSettings } from './settings.ts';
import type {
  ConnectionDetail,
  ConnectionEventName,
  ConnectionState,
  Effect,
  Phase,
  TimerName,
} from './state.ts';

/** One step while it is taken: a copy of the state that its rules may change, and what is to be done about it. */
export interface Turn {
  readonly settings: ConnectionSettings;
  readonly at: number;
  readonly chance: number;
  readonly state: { -readonly [Name in keyof ConnectionState]: ConnectionState[Name] } & {
    timers: Partial<Record<TimerName, number>>;
  };
  readonly effects: Effect[];
}

export type Open = Extract<Phase, { name: 'open' }>;

export function emit({ effects }: Turn, name: ConnectionEventName, detail: ConnectionDetail): void {
  effects.push({ type: 'emit', name, detail });
}

export function closeSocket({ effects }: Turn, attempt: number, code = 1000): void {
  effects.push({ type: 'closeSocket', attempt, code });
}

/** Whether the connection itself depends on this attempt. */
export const concerns = ({ phase }: ConnectionState, attempt: number): boolean =>
  'attempt' in phase && phase.attempt === attempt;

/** The open phase whose successor is this attempt. */
export const successorOf = ({ phase }: ConnectionState, attempt: number): Open | null =>
  phase.name === 'open' && phase.successor?.attempt === attempt ? phase : null;
