import type { CleanupRun } from '../api/answers.ts';
import { elapsedText } from '../time/elapsed.ts';
import { causeText } from './copy.ts';

const kinds: Readonly<Record<CleanupRun['kind'], string>> = {
  disconnect: 'Link lost',
  reconcile: 'Snapshot',
  sweep: 'Stuck calls',
};

export const kindText = (kind: string): string => kinds[kind as CleanupRun['kind']] ?? kind;

/** Why the run was made. */
export function whyText({ kind, cause, reason }: Pick<CleanupRun, 'kind' | 'cause' | 'reason'>): string {
  if (kind === 'disconnect') return cause === 'pbx_restarted' ? 'PBX restarted' : 'PBX link lost';
  if (kind === 'reconcile') return 'Reconciled with the PBX';
  return reason ?? causeText(cause);
}

export interface RunCounts {
  /** Null: a run of this kind has no such count. */
  readonly extensions: number | null;
  readonly ended: number | null;
  readonly revived: number | null;
}

/** The three counts that all kinds of runs are compared by. */
export function countsOf({ kind, counts }: Pick<CleanupRun, 'kind' | 'counts'>): RunCounts {
  const of = (name: string): number | null => counts[name] ?? null;
  if (kind === 'disconnect')
    return { extensions: of('extensionsReset'), ended: of('callsEnded'), revived: of('callsRevived') };
  if (kind === 'reconcile')
    return { extensions: of('extensionsSettled'), ended: of('callsEnded'), revived: of('callsReopened') };
  return { extensions: null, ended: of('ended'), revived: of('reopened') };
}

const countWords: Readonly<Record<string, string>> = {
  extensionsReset: 'Extensions set to online',
  callsEnded: 'Calls ended',
  callsRevived: 'Calls revived later',
  callsListed: 'Calls that the PBX listed',
  callsOpened: 'Calls that were new to us',
  callsReopened: 'Calls revived',
  callsUnchanged: 'Calls as we had them',
  extensionsListed: 'Extensions that the PBX listed',
  extensionsSettled: 'Extensions corrected',
  found: 'Calls looked at',
  ended: 'Calls ended',
  would_end: 'Calls that would be ended',
  alive: 'Kept: the PBX says they are up',
  unknown: 'Kept: the PBX could not be asked',
  failed: 'Failed',
  overtaken: 'Changed meanwhile, so left alone',
  reopened: 'Calls revived',
};

export const countText = (name: string): string =>
  countWords[name] ?? name.replaceAll(/[_A-Z]/g, (letter) => ` ${letter.replace('_', '').toLowerCase()}`);

export type RunStage = 'done' | 'spared' | 'waiting' | 'running';

export function stageOf({
  finishedAt,
  spared,
  dueAt,
}: Pick<CleanupRun, 'finishedAt' | 'spared' | 'dueAt'>): RunStage {
  if (spared) return 'spared';
  if (finishedAt !== null) return 'done';
  return dueAt === null ? 'running' : 'waiting';
}

/** How long it took; null while it goes on. */
export function tookText({
  startedAt,
  finishedAt,
}: Pick<CleanupRun, 'startedAt' | 'finishedAt'>): string | null {
  if (finishedAt === null) return null;
  const ms = Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt));
  if (ms < 1_000) return `${ms} ms`;
  return ms < 60_000 ? `${(ms / 1_000).toFixed(1)} s` : elapsedText(ms);
}
