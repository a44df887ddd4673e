import type { PbxConnection, Tally } from '@trunkline/pbx';
import { assertNever, defineMetrics, type Metrics } from '@trunkline/service-kit';
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

const fault = 'the kinds of faults of links';

export const connectorCatalogue = defineMetrics({
  links: {
    kind: 'gauge',
    name: 'trunkline_links',
    help: 'Links that this process holds, by state.',
    labels: { state: phases },
  },
  words: {
    kind: 'counter',
    name: 'trunkline_link_words_total',
    help: 'Events published, by type.',
    labels: { type: 'the types of events' },
  },
  unreadable: {
    kind: 'counter',
    name: 'trunkline_link_unreadable_words_total',
    help: 'Words of PBXs that could not be read or published.',
  },
  reconnects: {
    kind: 'counter',
    name: 'trunkline_link_reconnects_total',
    help: 'Attempts after the first of a lease.',
  },
  losses: {
    kind: 'counter',
    name: 'trunkline_link_losses_total',
    help: 'Links that ended, by fault.',
    labels: { fault },
  },
  failures: {
    kind: 'counter',
    name: 'trunkline_link_attempt_failures_total',
    help: 'Attempts that failed, by fault.',
    labels: { fault },
  },
  snapshotFailures: {
    kind: 'counter',
    name: 'trunkline_link_snapshot_failures_total',
    help: 'Snapshots that failed.',
  },
  leasesTaken: {
    kind: 'counter',
    name: 'trunkline_link_leases_taken_total',
    help: 'Leases taken, by how they became free.',
    labels: { how: ['free', 'handed_over', 'expired'] },
  },
  leasesLost: {
    kind: 'counter',
    name: 'trunkline_link_leases_lost_total',
    help: 'Leases that somebody else took while we held them.',
  },
  blocks: {
    kind: 'counter',
    name: 'trunkline_link_blocks_total',
    help: 'Blocks of our address that PBXs told of.',
  },
  commands: {
    kind: 'counter',
    name: 'trunkline_link_commands_total',
    help: 'Commands for PBXs, by kind and outcome.',
    labels: { kind: 'the kinds of commands', outcome: 'done, or why not' },
  },
  frames: {
    kind: 'counter',
    name: 'trunkline_link_frames_total',
    help: 'Frames received from PBXs, by what became of them.',
    labels: { fate: fates },
  },
  bytes: {
    kind: 'counter',
    name: 'trunkline_link_received_bytes_total',
    help: 'Received from PBXs.',
  },
  snapshots: {
    kind: 'histogram',
    name: 'trunkline_link_snapshot_seconds',
    help: 'How long snapshots took that were published.',
  },
});

/** What the connector tells of itself in numbers: one function an event. Others may rely on these names. */
export function createEvents(metrics: Metrics, phasesNow: () => Iterable<PhaseName>): ConnectorEvents {
  const measured = metrics.make(connectorCatalogue, {
    links: (gauge) => {
      const counts = new Map<PhaseName, number>(phases.map((phase) => [phase, 0]));
      for (const phase of phasesNow()) counts.set(phase, (counts.get(phase) ?? 0) + 1);
      for (const [state, count] of counts) gauge.set({ state }, count);
    },
  });
  const seen = new WeakMap<PbxConnection, Tally>();

  return {
    wordSaid: (type) => measured.words.inc({ type }),
    unreadable: () => measured.unreadable.inc(),
    reconnecting: () => measured.reconnects.inc(),
    linkLost: (fault) => measured.losses.inc({ fault }),
    attemptFailed: (fault) => measured.failures.inc({ fault }),
    snapshotPublished: (seconds) => measured.snapshots.observe(seconds),
    snapshotFailed: () => measured.snapshotFailures.inc(),
    leaseTaken: (how) => measured.leasesTaken.inc({ how: wordFor(how) }),
    leaseLost: () => measured.leasesLost.inc(),
    blocked: () => measured.blocks.inc(),
    command: (kind, outcome) => measured.commands.inc({ kind, outcome }),
    frames(connection) {
      const now: Tally = { ...connection.tally };
      const before = seen.get(connection);
      seen.set(connection, now);
      for (const fate of fates) measured.frames.inc({ fate }, Math.max(0, now[fate] - (before?.[fate] ?? 0)));
      measured.bytes.inc(Math.max(0, now.bytes - (before?.bytes ?? 0)));
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
