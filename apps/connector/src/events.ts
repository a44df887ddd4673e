import type { PbxConnection, Tally } from '@trunkline/pbx';
import { assertNever, type Metrics } from '@trunkline/service-kit';
import type { PhaseName } from './link/link.ts';

export interface ConnectorEvents {
  wordSaid(type: string): void;
  unreadable(): void;
  reconnecting(): void;
  linkLost(fault: string): void;
  attemptFailed(fault: string): void;
  snapshotPublished(seconds: number): void;
  snapshotFailed(): void;
  leaseTaken(how: 'free' | 'handed over' | 'expired'): void;
  leaseLost(): void;
  blocked(): void;
  command(kind: string, outcome: string): void;
  /** What a connection has received since it was last looked at. */
  frames(connection: PbxConnection): void;
}

const fates = [
  'replies',
  'heartbeats',
  'events',
  'ignored',
  'unknown',
  'unreadable',
] as const satisfies (keyof Tally)[];

const phases: readonly PhaseName[] = [
  'idle',
  'authenticating',
  'connecting',
  'subscribing',
  'synchronising',
  'live',
  'lost',
  'waiting',
  'blocked',
  'refused',
];

/** What the connector tells of itself in numbers: one function an event. Others may rely on these names. */
export function createEvents(metrics: Metrics, phasesNow: () => Iterable<PhaseName>): ConnectorEvents {
  metrics.gauge({
    name: 'trunkline_links',
    help: 'Links that this process holds, by state.',
    labels: ['state'],
    collect: (gauge) => {
      const counts = new Map<PhaseName, number>(phases.map((phase) => [phase, 0]));
      for (const phase of phasesNow()) counts.set(phase, (counts.get(phase) ?? 0) + 1);
      for (const [state, count] of counts) gauge.set({ state }, count);
    },
  });
  const counter = <Label extends string = never>(what: string, help: string, labels: readonly Label[] = []) =>
    metrics.counter({ name: `trunkline_link_${what}_total`, help, labels });

  const words = counter('words', 'Events published, by type.', ['type']);
  const unreadable = counter('unreadable_words', 'Words of PBXs that could not be read or published.');
  const reconnects = counter('reconnects', 'Attempts after the first of a lease.');
  const losses = counter('losses', 'Links that ended, by fault.', ['fault']);
  const failures = counter('attempt_failures', 'Attempts that failed, by fault.', ['fault']);
  const snapshotFailures = counter('snapshot_failures', 'Snapshots that failed.');
  const taken = counter('leases_taken', 'Leases taken, by how they became free.', ['how']);
  const lost = counter('leases_lost', 'Leases that somebody else took while we held them.');
  const blocks = counter('blocks', 'Blocks of our address that PBXs told of.');
  const commands = counter('commands', 'Commands for PBXs, by kind and outcome.', ['kind', 'outcome']);
  const frames = counter('frames', 'Frames received from PBXs, by what became of them.', ['fate']);
  const bytes = metrics.counter({ name: 'trunkline_link_received_bytes_total', help: 'Received from PBXs.' });
  const snapshots = metrics.histogram({
    name: 'trunkline_link_snapshot_seconds',
    help: 'How long snapshots took that were published.',
  });
  const seen = new WeakMap<PbxConnection, Tally>();

  return {
    wordSaid: (type) => words.inc({ type }),
    unreadable: () => unreadable.inc(),
    reconnecting: () => reconnects.inc(),
    linkLost: (fault) => losses.inc({ fault }),
    attemptFailed: (fault) => failures.inc({ fault }),
    snapshotPublished: (seconds) => snapshots.observe(seconds),
    snapshotFailed: () => snapshotFailures.inc(),
    leaseTaken: (how) => taken.inc({ how: wordFor(how) }),
    leaseLost: () => lost.inc(),
    blocked: () => blocks.inc(),
    command: (kind, outcome) => commands.inc({ kind, outcome }),
    frames(connection) {
      const now: Tally = { ...connection.tally };
      const before = seen.get(connection);
      seen.set(connection, now);
      for (const fate of fates) frames.inc({ fate }, Math.max(0, now[fate] - (before?.[fate] ?? 0)));
      bytes.inc(Math.max(0, now.bytes - (before?.bytes ?? 0)));
    },
  };
}

function wordFor(how: 'free' | 'handed over' | 'expired'): string {
  switch (how) {
    case 'free':
    case 'expired':
      return how;
    case 'handed over':
      return 'handed_over';
    default:
      return assertNever(how, 'way of taking a lease');
  }
}
