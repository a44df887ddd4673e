import type { AsteriskState } from '../asterisk/asterisk-state.ts';
import { LinkError } from '../port/fault.ts';
import type { AriRest } from './rest.ts';

/** How many questions about single channels are asked at once; a PBX's web server serves a hundred sessions. */
export const QUESTIONS_AT_ONCE = 8;

export interface AriSnapshotContext {
  readonly rest: AriRest;
  readonly state: AsteriskState;
  readonly at: () => number;
  /** What has to be added to the PBX's times to have ours. */
  readonly clockOffsetMs: number;
  readonly signal: AbortSignal;
}

export function listOf(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value as readonly unknown[];
  throw new LinkError({ kind: 'protocol' }, `The answer to ${what} is no list; that is no ARI we know.`);
}

/** Null where there is no such channel. */
export async function linkedidOf(
  id: string,
  { rest, signal }: Pick<AriSnapshotContext, 'rest' | 'signal'>,
): Promise<string | null> {
  const answer = await rest.ask('GET', ['channels', id, 'variable'], {
    signal,
    query: { variable: 'CHANNEL(linkedid)' },
  });
  if (answer.status === 404) return null;
  const { value } = (answer.body ?? {}) as { readonly value?: unknown };
  if (answer.status === 200 && typeof value === 'string') return value === '' ? id : value;
  throw rest.refusal(answer.status, 'the question for the linkedid of a channel');
}

/** Empty where the PBX does not tell. */
export async function deviceStateOf(
  device: string,
  { rest, signal }: Pick<AriSnapshotContext, 'rest' | 'signal'>,
): Promise<string> {
  const answer = await rest.ask('GET', ['deviceStates', device], { signal });
  const { state } = (answer.body ?? {}) as { readonly state?: unknown };
  return answer.status === 200 && typeof state === 'string' ? state : '';
}
