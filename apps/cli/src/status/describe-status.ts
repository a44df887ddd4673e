import type { ListedPbx, PbxActivity } from '@trunkline/database';
import type { SystemStatus } from '@trunkline/operations';
import { ago, span } from '../output/ago.ts';
import { facts, table } from '../output/table.ts';
import { alarmed, heading, type Terminal } from '../output/terminal.ts';

type Colours = Pick<Terminal, 'hasColours'>;

export function describeStatus(terminal: Colours, status: SystemStatus, now: Date): string {
  const part = (title: string, text: string): string => `${heading(terminal, title)}\n${text}`;
  return [
    part('Links', linksOf(status, now)),
    ...leftOver(terminal, status),
    part('Event streams', groupsOf(status)),
    part('Backlogs', backlogsOf(status)),
    part('Queues', queuesOf(status)),
  ].join('\n\n');
}

function linksOf({ links, activity }: SystemStatus, now: Date): string {
  if (links.length === 0) return 'There are no PBXs yet. Add one: trunkline pbx add --help';
  const known = new Map(activity.map((each) => [each.pbx, each]));
  return table(
    ['pbx', 'state', 'since', 'held by', 'open calls', 'busy phones', 'alarm'],
    links.map((pbx) => linkLine(pbx, known.get(pbx.id), now)),
  );
}

const linkLine = ({ name, enabled, link }: ListedPbx, activity: PbxActivity | undefined, now: Date) => ({
  pbx: name,
  state: enabled ? link.state : 'switched off',
  since: ago(link.since, now),
  'held by': link.heldBy ?? '-',
  'open calls': String(activity?.openCalls ?? 0),
  'busy phones': String(activity?.engagedExtensions ?? 0),
  alarm: link.alarm ?? '',
});

/** After a lost link was cleaned up after, nothing is open any more. */
function leftOver(terminal: Colours, { activity }: SystemStatus): string[] {
  const left = activity.filter(
    ({ linkOpen, openCalls, engagedExtensions }) => !linkOpen && openCalls + engagedExtensions > 0,
  );
  if (left.length === 0) return [];
  const names = left.map(({ name }) => name).join(', ');
  return [
    alarmed(
      terminal,
      `Left over: nobody listens to ${names}, and still it has open calls or busy phones. Does the cleanup worker run?`,
    ),
  ];
}

function groupsOf({ groups, backlogs }: SystemStatus): string {
  if (groups === null) return 'unknown';
  const parked = new Map(backlogs.groups.map((each) => [each.group, each.parked]));
  return table(
    ['group', 'behind by', 'oldest event', 'shards served', 'dead letters'],
    groups.map(({ group, lag, oldestMs, shards }) => ({
      group,
      'behind by': `${lag} events`,
      'oldest event': oldestMs === null ? '-' : `${span(oldestMs)} ago`,
      'shards served': `${shards.filter(({ servedBy }) => servedBy !== null).length} of ${shards.length}`,
      'dead letters': String(parked.get(group) ?? 0),
    })),
  );
}

function backlogsOf({ backlogs }: SystemStatus): string {
  const { outbox, snapshotWishes, connectors, groups } = backlogs;
  const waiting = outbox.oldestMs === null ? '' : `, the oldest for ${span(outbox.oldestMs)}`;
  const letters = groups.filter(({ parked }) => parked > 0).map(({ group, parked }) => `${group} ${parked}`);
  return facts([
    ['outbox', `${outbox.messages} messages${waiting}`],
    ['dead letters', letters.length === 0 ? 'none' : `${letters.join(', ')}: trunkline dead-letters list`],
    ['snapshots wanted', String(snapshotWishes)],
    ['connectors alive', String(connectors)],
  ]);
}

/** Queues in which nothing is are no news, but for the one that is always there. */
function queuesOf({ queues }: SystemStatus): string {
  if (queues === null) return 'unknown';
  const shown = queues.filter(
    ({ waiting, active, delayed, failed }, index) => index === 0 || waiting + active + delayed + failed > 0,
  );
  return table(
    ['queue', 'waiting', 'active', 'delayed', 'failed'],
    shown.map(({ queue, waiting, active, delayed, failed }) => ({
      queue,
      waiting: String(waiting),
      active: String(active),
      delayed: String(delayed),
      failed: String(failed),
    })),
  );
}
