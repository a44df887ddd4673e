import type { CallDetail, TrailEntry } from './listed-call.ts';
import { causeWord } from './call-words.ts';
import { timelineCopy as copy } from './timeline-copy.ts';

/** Who said it: the PBX, or we. */
export type Teller = 'pbx' | 'us';

export interface Step {
  readonly key: string;
  /** Null where nobody knows. */
  readonly at: string | null;
  readonly by: Teller;
  /** What the badge beside it shows. */
  readonly state: 'calling' | 'ringing' | 'connected' | 'held' | 'ended' | 'unknown' | 'recording';
  readonly title: string;
  readonly detail: string | null;
  /** The run that did it. */
  readonly run: string | null;
  /** It speaks again after it was closed. */
  readonly isReopening: boolean;
  /** The PBX ends it only now: it had gone on after we closed it. */
  readonly hadGoneOn: boolean;
  /** The version under which it stands, for whoever digs. */
  readonly version: string | null;
}

/** All that is known of how a call went, in the order in which it happened. */
export function timelineOf({ trail, cleanups, recordings, answeredApproximate, status }: CallDetail): Step[] {
  const said = trail.map(saidStep);
  const cleaned = cleanups.map(({ id, kind, cause, reason, happenedAt, startedAt, outcome, why }): Step => ({
    key: `run-${id}-${outcome}`,
    at: happenedAt ?? startedAt,
    by: 'us',
    state: outcome === 'ended' ? 'ended' : 'unknown',
    title: copy.run(kind, outcome, causeWord(cause ?? why)),
    detail: reason ?? whyText(why),
    run: id,
    isReopening: outcome === 'reopened',
    hadGoneOn: false,
    version: null,
  }));
  const recorded = recordings.map(({ recording, readyAt, durationSeconds }): Step => ({
    key: `recording-${recording}`,
    at: readyAt,
    by: 'pbx',
    state: 'recording',
    title: copy.recording(durationSeconds),
    detail: null,
    run: null,
    isReopening: false,
    hadGoneOn: false,
    version: null,
  }));
  // The trail of a sweep tells the same as its run; the run has the way to it.
  const swept = new Set(cleanups.filter(({ kind }) => kind === 'sweep').map(({ outcome }) => outcome));
  const own = said.filter(({ key }) => !swept.has(key.split(' ')[0]?.replace('sweep.', '') ?? ''));
  const steps = [...own, ...cleaned, ...recorded].toSorted(
    (a, b) => Date.parse(a.at ?? '') - Date.parse(b.at ?? ''),
  );
  const told = markReopened(withoutEchoes(answeredApproximate ? steps.map(aboutTheAnswer) : steps));
  return status === 'ended' || !endsClosed(told) ? told : [...told, listedAgain(status)];
}

/** The run of ours that ended the call as it is shown now, if one did. */
export const runThatClosed = ({ status, cleanups }: Pick<CallDetail, 'status' | 'cleanups'>): string | null =>
  status === 'ended' ? (cleanups.findLast(({ outcome }) => outcome === 'ended')?.id ?? null) : null;

function saidStep({ at, type, version, payload }: TrailEntry, index: number): Step {
  const told = (typeof payload === 'object' && payload !== null ? payload : {}) as Told;
  const state = stateOf(type);
  const isSweep = type.startsWith('sweep.');
  return {
    key: `${type} ${index}`,
    at,
    by: isSweep ? 'us' : 'pbx',
    state,
    title: copy.said[type] ?? type,
    detail: detailOf(type, told),
    run: null,
    isReopening: type === 'sweep.reopened',
    hadGoneOn: false,
    version,
  };
}

interface Told {
  readonly extensions?: readonly string[];
  readonly cause?: string;
  readonly caller?: { readonly number?: string };
  readonly callee?: { readonly number?: string };
  readonly route?: { readonly trunk?: string };
}

function stateOf(type: string): Step['state'] {
  const word = type.split('.')[1];
  if (word === 'calling' || word === 'ringing' || word === 'connected' || word === 'held' || word === 'ended')
    return word;
  return 'unknown';
}

function detailOf(type: string, { extensions = [], cause, caller, callee, route }: Told): string | null {
  const parts = [
    type === 'call.ended' && cause !== undefined ? causeWord(cause) : null,
    extensions.length > 0 ? copy.phones(extensions) : null,
    type === 'call.calling' && caller?.number !== undefined
      ? `${caller.number} → ${callee?.number ?? '…'}`
      : null,
    type === 'call.calling' && route?.trunk !== undefined ? copy.trunk(route.trunk) : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(' · ');
}

const whyText = (why: string | null): string | null =>
  why === null ? null : (copy.whys[why] ?? why.replaceAll('_', ' '));

/** Some PBXs say twice that a call is over, once of the call and once of its record; whoever reads needs it once. */
const withoutEchoes = (steps: readonly Step[]): Step[] =>
  steps.filter((step, index) => {
    const before = steps[index - 1];
    const bothEnd = [step, before].every((one) => one?.by === 'pbx' && one.state === 'ended');
    return !bothEnd || before?.detail !== step.detail;
  });

/**
 * A word of the PBX after the call had been closed opens it again; what had closed it stays. Where its next word is the end
 * nothing in the trail tells whether it was shown as open meanwhile, but that it had gone on.
 */
function markReopened(steps: readonly Step[]): Step[] {
  let closedBy: Teller | null = null;
  return steps.map((step) => {
    const ends = step.state === 'ended';
    const speaks = step.by === 'pbx' && step.state !== 'recording' && !ends;
    const isReopening = step.isReopening || (closedBy !== null && speaks);
    const hadGoneOn = ends && step.by === 'pbx' && closedBy === 'us';
    if (ends) closedBy = step.by;
    else if (speaks) closedBy = null;
    return isReopening === step.isReopening && !hadGoneOn ? step : { ...step, isReopening, hadGoneOn };
  });
}

const endsClosed = (steps: readonly Step[]): boolean =>
  steps.findLast(({ state }) => state !== 'recording' && state !== 'unknown')?.state === 'ended';

/** A list of the PBX opens a call again without a word of its own in the trail. */
const listedAgain = (status: Exclude<CallDetail['status'], 'ended'>): Step => ({
  key: 'listed',
  at: null,
  by: 'pbx',
  state: status,
  title: copy.listedAgain,
  detail: null,
  run: null,
  isReopening: true,
  hadGoneOn: false,
  version: null,
});

function aboutTheAnswer(step: Step): Step {
  if (step.state !== 'connected') return step;
  return { ...step, detail: [step.detail, copy.approximate].filter((part) => part !== null).join(' · ') };
}
