import { elapsedText } from '../time/elapsed.ts';

const kinds: Readonly<Record<string, string>> = {
  disconnect: 'Cleanup after a lost link',
  reconcile: 'Comparison with the PBX’s own list',
  sweep: 'Sweep of stuck calls',
};

const outcomes: Readonly<Record<string, (cause: string) => string>> = {
  ended: (cause) => `closed it: ${cause}`,
  alive: () => 'asked the PBX, which says it is up; kept',
  unknown: () => 'got no answer from the PBX; kept, asked again later',
  reopened: () => 'heard it speak again; it is open',
  failed: () => 'could not settle it; it is looked at again',
  overtaken: () => 'left it alone: the PBX spoke of it meanwhile',
};

/** Texts of how a call went. */
export const timelineCopy = {
  heading: 'Timeline',
  empty: 'The PBX said nothing of it while we listened; that it is there is known from its list.',
  more: 'There is more than is shown here; these are the first 1,000 entries.',
  by: { pbx: 'PBX', us: 'Trunkline' },
  said: {
    'call.calling': 'Calling',
    'call.ringing': 'Ringing',
    'call.connected': 'Connected',
    'call.held': 'On hold',
    'call.ended': 'Ended',
    'sweep.ended': 'Sweep of stuck calls closed it',
    'sweep.reopened': 'It spoke again after a sweep had closed it',
  } as Readonly<Record<string, string>>,
  whys: {
    answered_too_long: 'Connected for longer than the limit',
    unanswered_too_long: 'Unanswered for longer than the limit',
    spoke_again: 'The PBX spoke of it again',
  } as Readonly<Record<string, string>>,
  run: (kind: string, outcome: string, cause: string) =>
    `${kinds[kind] ?? kind} ${outcomes[outcome]?.(cause) ?? outcome.replaceAll('_', ' ')}`,
  listedAgain: 'The PBX lists it as open',
  toRun: 'Show the run',
  reopened: 'open again',
  hadGoneOn: 'it had gone on',
  recording: (seconds: number | null) =>
    seconds === null ? 'Recording ready' : `Recording ready, ${elapsedText(seconds * 1_000)}`,
  phones: (phones: readonly string[]) => `phones ${phones.join(', ')}`,
  trunk: (trunk: string) => `trunk ${trunk}`,
  approximate: 'the time is approximate: only a snapshot told of the answer',
  version: (version: string) => `version ${version}`,
  moment: 'When',
} as const;
