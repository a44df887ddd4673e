import type { LinkCondition } from '@trunkline/database';
import { defineMetrics } from '@trunkline/service-kit';

const kind = ['disconnect', 'reconcile'] as const;

export const cleanupCatalogue = defineMetrics({
  runs: {
    kind: 'counter',
    name: 'trunkline_cleanup_runs_total',
    help: 'Cleanups done: disconnect, after a lost link, and reconcile, with a snapshot.',
    labels: { kind },
  },
  calls: {
    kind: 'counter',
    name: 'trunkline_cleanup_calls_total',
    help: 'Calls that cleanups ended or reopened.',
    labels: { kind, what: ['ended', 'reopened'] },
  },
  extensions: {
    kind: 'counter',
    name: 'trunkline_cleanup_extensions_total',
    help: 'Phones that cleanups reset to online, or settled because a snapshot does not list them.',
    labels: { kind },
  },
});

const task = 'the chores';

export const housekeepingCatalogue = defineMetrics({
  runs: {
    kind: 'counter',
    name: 'trunkline_housekeeping_runs_total',
    help: 'Tasks of housekeeping done by this replica.',
    labels: { task, outcome: 'done, failed' },
  },
  done: {
    kind: 'counter',
    name: 'trunkline_housekeeping_items_total',
    help: 'What they found to do: entries, messages, rows or partitions.',
    labels: { task },
  },
  seconds: {
    kind: 'histogram',
    name: 'trunkline_housekeeping_seconds',
    help: 'How long they took.',
    labels: { task },
  },
  success: {
    kind: 'gauge',
    name: 'trunkline_housekeeping_last_success_timestamp_seconds',
    help: 'When this replica last did one well.',
    labels: { task },
  },
});

const linkStates = [
  'live',
  'connecting',
  'blocked',
  'refused',
  'unheld',
] as const satisfies readonly LinkCondition[];

export const linksCatalogue = defineMetrics({
  links: {
    kind: 'gauge',
    name: 'trunkline_pbx_links',
    help: 'PBXs that are switched on, by how their link stands in the database; each replica tells the same. Unheld: no connector has its lease.',
    labels: { state: linkStates },
  },
  unheld: {
    kind: 'gauge',
    name: 'trunkline_pbx_longest_unheld_seconds',
    help: 'For how long no connector has had the lease of the PBX that has waited longest; 0 while all are held.',
  },
  shortestLease: {
    kind: 'gauge',
    name: 'trunkline_pbx_shortest_lease_seconds',
    help: 'Until the first of the leases runs out unless it is renewed; 0 where none is held.',
  },
});
