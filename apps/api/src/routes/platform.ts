import { listPushNodes } from '@trunkline/feed';
import { isOfOnePbx, type QueueState } from '@trunkline/operations';
import { withDeadline } from '@trunkline/service-kit';
import { defineRoute } from '../http/route.ts';
import { readSystem, type SystemView } from '../operations-page/read-system.ts';
import type { Told } from '../operations-page/told.ts';
import { pushNodesShape, systemShape } from '../shapes/platform.ts';

const tag = 'Platform';

export const readSystemRoute = defineRoute({
  method: 'GET',
  path: '/v1/platform/system',
  tag,
  summary: 'Streams, queues, outbox and chores, of all tenants',
  description:
    'Each part by itself: `{ok: true, value}`, or `{ok: false, because}` where a store does not answer, so that it works on a broken system.',
  scope: 'platform:read',
  numbers: 'none',
  answers: { 200: { description: 'How the system stands.', schema: systemShape } },
  handle: async (_request, context) => ({ body: shownSystem(await readSystem(context)) }),
});

const answerMs = 2_000;

export const listPushNodesRoute = defineRoute({
  method: 'GET',
  path: '/v1/platform/push-nodes',
  tag,
  summary: 'The nodes that serve screens, as they tell of themselves every five seconds',
  scope: 'platform:read',
  numbers: 'none',
  answers: { 200: { description: 'The nodes that are there.', schema: pushNodesShape } },
  async handle(_request, { connection, prefix }) {
    const nodes = await withDeadline(
      listPushNodes(connection, prefix),
      answerMs,
      'listing the nodes of push',
    );
    const items = nodes.map(({ startedAt, ...node }) => ({ ...node, startedAt: new Date(startedAt) }));
    return { body: { items } };
  },
});

function shownSystem({ stored, groups, queues, chores, at }: SystemView): object {
  const parked = new Map(
    stored.ok ? stored.value.backlogs.groups.map((each) => [each.group, each.parked]) : [],
  );
  return {
    at,
    backlogs: map(stored, ({ backlogs: { outbox, snapshotWishes, connectors } }) => ({
      outbox,
      snapshotWishes,
      connectors,
    })),
    groups: map(groups, (states) =>
      states.map(({ group, lag, oldestMs }) => ({ group, lag, oldestMs, parked: parked.get(group) ?? 0 })),
    ),
    shards: map(groups, (states) =>
      (states[0]?.shards ?? []).map(({ shard, streamEntries, streamTrimmed }) => ({
        shard,
        entries: streamEntries,
        trimmed: streamTrimmed,
        groups: states.flatMap(({ group, shards }) =>
          shards
            .filter((each) => each.shard === shard)
            .map(({ lastId, servedBy, servedAt, lag }) => ({ group, lastId, servedBy, servedAt, lag })),
        ),
      })),
    ),
    queues: map(queues, withoutNames),
    chores,
  };
}

/** Names of PBXs are their tenants' own, so the queues of commands are one here. */
function withoutNames(queues: readonly QueueState[]): readonly QueueState[] {
  const ofPbxs = queues.filter(isOfOnePbx);
  const sum = (count: 'waiting' | 'active' | 'delayed' | 'failed'): number =>
    ofPbxs.reduce((all, queue) => all + queue[count], 0);
  return [
    ...queues.filter((queue) => !isOfOnePbx(queue)),
    {
      queue: 'commands to PBXs',
      waiting: sum('waiting'),
      active: sum('active'),
      delayed: sum('delayed'),
      failed: sum('failed'),
    },
  ];
}

const map = <Value, Shown>(told: Told<Value>, show: (value: Value) => Shown): Told<Shown> =>
  told.ok ? { ok: true, value: show(told.value) } : told;
