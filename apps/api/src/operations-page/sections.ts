import type { ListedPbx } from '@trunkline/database';
import type { GroupState } from '@trunkline/operations';
import { relative, span } from './ago.ts';
import { missing, number, tableHtml, unknownHtml, type Cell } from './html.ts';
import type { SystemView } from './read-system.ts';
import type { Told } from './told.ts';

/** Each section is what there is to say of one part, or why nothing can be said of it. */

const orUnknown = <Value>(part: Told<Value>, html: (value: Value) => string): string =>
  part.ok ? html(part.value) : unknownHtml(part.because);

const plain = (text: string): Cell => ({ text });
const nobody: Cell = { text: 'nobody', tone: 'bad' };

/** How old the oldest event may be before somebody should look. */
const oldMs = 10_000;

export function groupsSection({ groups, stored }: SystemView): string {
  const parked = new Map(
    stored.ok ? stored.value.backlogs.groups.map((each) => [each.group, each.parked]) : [],
  );
  return orUnknown(groups, (states) =>
    tableHtml({
      caption: 'How far each group of workers has read',
      columns: ['group', 'behind by', 'oldest event', 'shards served', 'dead letters'],
      rows: states.map(({ group, lag, oldestMs, shards }) => {
        return [
          plain(group),
          number(lag, oldestMs !== null && oldestMs > oldMs),
          oldestMs === null
            ? { text: 'none waits', tone: 'quiet' as const }
            : { text: span(oldestMs), ...(oldestMs > oldMs && { tone: 'bad' as const }) },
          servedCell(shards),
          number(parked.get(group) ?? 0, (parked.get(group) ?? 0) > 0),
        ];
      }),
      nothing: 'No group reads the streams.',
    }),
  );
}

/** A shard into which nothing was ever written needs nobody. */
function servedCell(shards: GroupState['shards']): Cell {
  const isLeft = shards.some(({ servedBy, lag }) => servedBy === null && lag > 0);
  const served = shards.filter(({ servedBy }) => servedBy !== null).length;
  return {
    text: `${served} of ${shards.length}`,
    ...(isLeft && { tone: 'bad' as const, title: 'events wait in a shard that nobody works' }),
  };
}

export function shardsSection({ groups, at }: SystemView): string {
  return orUnknown(groups, (states) =>
    tableHtml({
      caption: 'Offsets by shard, and who works them',
      columns: [
        'shard',
        'entries',
        'trimmed',
        ...states.flatMap(({ group }) => [group, 'worked by', 'behind']),
      ],
      rows: (states[0]?.shards ?? []).map(({ shard, streamEntries, streamTrimmed }) => [
        number(shard),
        number(streamEntries),
        streamTrimmed === null
          ? missing('the stream does not exist, or this Redis does not count what was cut off')
          : number(streamTrimmed),
        ...states.flatMap((state) => placeOf(state, shard, at)),
      ]),
      nothing: 'There are no shards.',
    }),
  );
}

function placeOf({ shards }: GroupState, shard: number, at: Date): Cell[] {
  const state = shards.find((each) => each.shard === shard);
  if (state === undefined) return [missing('nothing is known of this shard'), nobody, number(0)];
  const { lastId, servedBy, servedAt, lag } = state;
  const when = servedAt === null ? '' : relative(servedAt, at);
  return [
    lastId === null ? missing('no replica has ever looked at this shard') : plain(lastId),
    servedBy === null
      ? missing('no replica has said that it works this shard')
      : { text: servedBy, title: when },
    number(lag, lag > 0),
  ];
}

export function backlogSection({ stored, at }: SystemView): string {
  return orUnknown(stored, ({ backlogs: { outbox, groups, snapshotWishes, connectors } }) => {
    const parked = groups.filter((group) => group.parked > 0);
    const rows: Cell[][] = [
      [plain('outbox'), number(outbox.messages), ageOf(outbox.oldestMs)],
      ...parked.map(({ group, parked: letters, oldestParkedAt }) => [
        plain(`dead letters of ${group}`),
        number(letters, true),
        oldestParkedAt === null ? plain('') : plain(relative(oldestParkedAt, at)),
      ]),
      [plain('snapshots wanted'), number(snapshotWishes), plain('')],
      [plain('connectors alive'), number(connectors, connectors === 0), plain('')],
      [
        plain('events lost with a stream'),
        missing(
          'it is counted by the cleanup workers: trunkline_stream_trimmed_unread_entries_total in their metrics',
        ),
        plain('their PBXs are asked for a snapshot'),
      ],
    ];
    return tableHtml({ caption: 'What waits', columns: ['what', 'count', 'oldest'], rows, nothing: '' });
  });
}

const ageOf = (ms: number | null): Cell =>
  ms === null
    ? { text: 'none waits', tone: 'quiet' }
    : { text: span(ms), ...(ms > oldMs && { tone: 'bad' as const }) };

export function leasesSection({ stored, at }: SystemView): string {
  return orUnknown(stored, ({ links }) =>
    tableHtml({
      caption: 'Who holds the link to each PBX',
      columns: ['PBX', 'state', 'since', 'held by', 'epoch', 'lease ends', 'alarm'],
      rows: links.map((pbx) => leaseRow(pbx, at)),
      nothing: 'There are no PBXs yet.',
    }),
  );
}

function leaseRow({ name, enabled, link }: ListedPbx, at: Date): Cell[] {
  const { state, since, heldBy, epoch, leaseExpiresAt, alarm, reason } = link;
  const shown = enabled ? state : 'switched off';
  return [
    plain(name),
    {
      text: shown,
      tone: shown === 'live' ? 'good' : enabled ? 'bad' : 'quiet',
      ...(reason !== null && { title: reason }),
    },
    plain(relative(since, at)),
    heldBy === null ? { text: 'nobody', ...(enabled && { tone: 'bad' as const }) } : plain(heldBy),
    number(epoch),
    leaseExpiresAt === null ? missing('nobody holds it') : plain(relative(leaseExpiresAt, at)),
    alarm === null ? { text: 'none', tone: 'quiet' } : { text: alarm, tone: 'bad' },
  ];
}

export function queuesSection({ queues }: SystemView): string {
  return orUnknown(queues, (states) =>
    tableHtml({
      caption: 'Jobs in each queue',
      columns: ['queue', 'waiting', 'active', 'delayed', 'failed'],
      rows: states.map(({ queue, waiting, active, delayed, failed }) => [
        plain(queue),
        number(waiting),
        number(active),
        number(delayed),
        number(failed, failed > 0),
      ]),
      nothing: 'There are no queues.',
    }),
  );
}

export function choresSection({ chores, at }: SystemView): string {
  return orUnknown(chores, (tasks) =>
    tableHtml({
      caption: 'What the workers do now and then',
      columns: ['chore', 'next', 'last', 'problem'],
      rows: tasks.map(({ task, dueAt, finishedAt, problem }) => [
        plain(task),
        dueAt === null ? missing('it is not planned') : plain(dueAt <= at ? 'now' : relative(dueAt, at)),
        finishedAt === null ? missing('it was never done to its end') : plain(relative(finishedAt, at)),
        problem === null ? { text: 'none', tone: 'quiet' } : { text: problem, tone: 'bad' },
      ]),
      nothing: 'No cleanup worker has run yet.',
    }),
  );
}
