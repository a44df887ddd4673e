import { epochOf, type LifecycleEvent } from '@trunkline/domain';
import { heardFrom } from '../../support/heard.ts';
import { ledgerDifferences, wholeCalls } from '../../support/ledger-differences.ts';
import { unheard } from '../../support/unheard.ts';
import type { ServiceFleet } from '../service-fleet.ts';
import { frozenMsMax } from './link-weather.ts';
import type { Office } from './office.ts';
import type { Published } from './published.ts';

export interface Verdict {
  /** What is wrong after the storm, a sentence each. */
  readonly differences: readonly string[];
  /** Calls of which every fact was compared; of the others what can be known of a call in which nobody listened. */
  readonly wholeCalls: number;
}

export interface LinkVerdict extends Verdict {
  /** Words that were numbered and never written, since too many waited while Redis or the lease was in doubt. */
  readonly missing: number;
}

export function judge(offices: readonly Office[], fleet: ServiceFleet, published: Published): LinkVerdict {
  const verdicts = offices.map((office) => judgeOffice(office, published.events.get(office.pbx) ?? []));
  return {
    differences: [
      ...published.contradictions.map((place) => `two things were said at ${place}`),
      ...sharedEpochs(fleet),
      ...verdicts.flatMap(({ differences }) => differences),
    ],
    wholeCalls: verdicts.reduce((sum, { wholeCalls: count }) => sum + count, 0),
    missing: verdicts.reduce((sum, { missing }) => sum + missing, 0),
  };
}

/** An epoch is taken by one process. */
export function sharedEpochs({ leases }: ServiceFleet): string[] {
  const owners = new Map<string, string>();
  return leases.flatMap(({ pbx, epoch, by }) => {
    const key = `${pbx} epoch ${epoch}`;
    const before = owners.get(key);
    owners.set(key, by);
    return before === undefined || before === by ? [] : [`${key} was taken by ${before} and by ${by}`];
  });
}

function judgeOffice(office: Office, published: readonly LifecycleEvent[]): LinkVerdict {
  const { pbx, simulator, disturbed, blocks } = office;
  const name = `${simulator.dialect} ${pbx}`;
  // A process that wakes up hears at once what waited for it, so the last word before a loss may be as old as its sleep.
  const events = [...published].sort((one, other) => (one.version < other.version ? -1 : 1));
  const gaps = [...unheard(events).map(([from, to]) => [from - frozenMsMax, to] as const), ...disturbed];
  const tolerance = { gaps, clockMs: frozenMsMax };
  const ledger = simulator.control.ledger();
  const differences = ledgerDifferences(ledger, heardFrom(events), tolerance);
  // One attempt finds the block. One more is allowed for a process that is killed before it can tell the others.
  const stubborn = blocks.filter(({ attempts }) => attempts > 2 && simulator.dialect === 'yeastar');
  return {
    missing: missingNumbers(events),
    differences: [
      ...differences.map((difference) => `${name}: ${difference}${trailOf(difference, office, events)}`),
      ...stubborn.map(({ attempts }) => `${name}: ${attempts} logins were tried during one block`),
    ],
    wholeCalls: wholeCalls(ledger, tolerance),
  };
}

/** Around a call; long enough for whatever a busy machine held back. */
const trailMs = 15_000;

/** What really happened in the call that a difference names, and what was said of it and of the link meanwhile. */
function trailOf(
  difference: string,
  { simulator, disturbed }: Office,
  events: readonly LifecycleEvent[],
): string {
  const call = simulator.control.ledger().calls.find(({ key }) => difference.includes(`call ${key} `));
  if (call === undefined) return '';
  const [from, to] = [call.startedAt - trailMs, (call.endedAt ?? Date.now()) + trailMs];
  const said = events.filter(
    (event) =>
      event.at >= from &&
      event.at <= to &&
      (event.type.startsWith('link.') || ('call' in event && event.call === call.key)),
  );
  const lines = [
    `truth ${JSON.stringify(call)}`,
    ...disturbed
      .filter(([since, until]) => until >= from && since <= to)
      .map((span) => `disturbed ${span.join(' to ')}`),
    ...said.map((event) => `said ${JSON.stringify(brief(event, call.key), versionsAsText)}`),
  ];
  return lines.map((line) => `\n    ${line}`).join('');
}

/** A snapshot lists everything; here only the call in question matters. */
const brief = (event: LifecycleEvent, key: string): unknown =>
  event.type === 'link.snapshot'
    ? { ...event, calls: event.calls.filter(({ call }) => call === key), extensions: [] }
    : event;

/** Numbers begin anew with each epoch, and what nobody could say at its end leaves no hole. */
function missingNumbers(events: readonly LifecycleEvent[]): number {
  return events.reduce((missing, { version }, index) => {
    const before = events[index - 1]?.version;
    const isSameEpoch = before !== undefined && epochOf(before) === epochOf(version);
    return isSameEpoch ? missing + Number(version - before) - 1 : missing;
  }, 0);
}

const versionsAsText = (_name: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : value;
