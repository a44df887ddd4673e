import type { Alert } from './alert.ts';

const linksIn = (state: string): string => `max(trunkline_pbx_links{state="${state}"}) > 0`;

export const linkAlerts: readonly Alert[] = [
  {
    name: 'TrunklineLinkUnheld',
    query: `${linksIn('unheld')} unless on () absent(trunkline_links)`,
    forSeconds: 60,
    severity: 'page',
    summary: '{{ $value }} PBXs have no connector, though connectors run',
    meaning: 'Nobody listens to these PBXs: their calls and phones are frozen on screens.',
    look: [
      '`npm run trunkline -- pbx list` shows who holds what',
      'the log of the connectors: can they reach PostgreSQL, and are they ready (`/readyz`)',
      '`trunkline_event_loop_delay_p99_seconds`: a busy loop cannot renew leases',
    ],
    act: ['restart connectors that are not ready', 'run more of them, if each holds as many links as it may'],
  },
  {
    name: 'TrunklineLinkDown',
    query: linksIn('connecting'),
    forSeconds: 300,
    severity: 'page',
    summary: '{{ $value }} PBXs have not been reached for minutes',
    meaning:
      'The connector tries and does not get through. Phones were set back and open calls ended; screens say since when the state is unknown.',
    look: [
      '`npm run trunkline -- pbx show <pbx>`: reason, next attempt',
      '`trunkline_link_attempt_failures_total` and `trunkline_link_losses_total` by `fault`',
    ],
    act: [
      'see that the PBX is up and lets us in from where the connector runs',
      '`npm run trunkline -- pbx retry <pbx>` tries at once',
    ],
  },
  {
    name: 'TrunklineLinkBlocked',
    query: linksIn('blocked'),
    forSeconds: 60,
    severity: 'page',
    summary: '{{ $value }} PBXs block our address',
    meaning: 'Somebody logged in wrongly too often from our address. Nobody tries until the block is over.',
    look: ['`npm run trunkline -- pbx show <pbx>`: until when', 'what else logs in from this address'],
    act: [
      'release the address on the PBX, then `pbx retry <pbx> --unblocked`; or wait',
      'correct whoever logs in wrongly, or it comes again',
    ],
  },
  {
    name: 'TrunklineLinkRefused',
    query: linksIn('refused'),
    forSeconds: 60,
    severity: 'page',
    summary: '{{ $value }} PBXs refuse our credential',
    meaning:
      'Three logins in a row were refused. We stopped before the PBX blocks our address, and wait for a person.',
    look: ['`npm run trunkline -- pbx show <pbx>`: what the PBX said'],
    act: ['correct the credential (it is looked up anew at each attempt), then `pbx retry <pbx>`'],
  },
  {
    name: 'TrunklineLeaseLost',
    query: 'sum(increase(trunkline_link_leases_lost_total[10m])) > 0',
    forSeconds: 0,
    severity: 'ticket',
    summary: 'A connector lost a lease that it thought its own',
    meaning:
      'It did not renew in time and another one took over. What it still said was overtaken by its epoch, so the state is right.',
    look: [
      '`trunkline_event_loop_delay_p99_seconds` of the connectors, and whether they are throttled',
      'how long PostgreSQL took to answer',
    ],
    act: ['give connectors more CPU, or raise `TRUNKLINE_LEASE_TTL`'],
  },
  {
    name: 'TrunklinePublisherStuck',
    query: 'max(min_over_time(trunkline_publisher_queue_entries[2m])) > 0',
    forSeconds: 60,
    severity: 'page',
    summary: 'A connector cannot write events to Redis',
    meaning:
      'Events wait in the memory of the connector. When its queue is full they are dropped, and snapshots make up for them later.',
    look: [
      'Redis: is it up, does it take writes (`noeviction` and full memory refuse them)',
      '`trunkline_publisher_write_failures_total` and the log of the connector',
    ],
    act: ['bring Redis back, or give it memory; connectors write what waits by themselves'],
  },
  {
    name: 'TrunklineEventsDropped',
    query: 'sum by (reason) (increase(trunkline_publisher_dropped_total{reason!="stopped"}[10m])) > 0',
    forSeconds: 0,
    severity: 'page',
    summary: 'A connector dropped events: {{ $labels.reason }}',
    meaning:
      'Its queue was full because Redis was away for long, or an event was larger than may be. The state is healed by a snapshot; the history has a hole.',
    look: ['the log of the connector: `events were dropped; their source needs a snapshot`'],
    act: [
      'queue-full: see that Redis answers',
      'too-large: a snapshot of a very large PBX; raise the bound in the code, and tell us',
    ],
  },
];
