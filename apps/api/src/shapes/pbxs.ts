import * as v from 'valibot';
import { count, id, instant, pageOf } from './common.ts';

const pbx = {
  pbx: id,
  name: v.string(),
  vendor: v.string(),
  enabled: v.boolean(),
  held: v.pipe(v.boolean(), v.description('Somebody holds the link; if not, nobody knows how it stands.')),
  open: v.boolean(),
  state: v.string(),
  reason: v.nullable(v.string()),
  since: instant,
  nextAttemptAt: v.nullable(instant),
  alarm: v.nullable(v.string()),
  product: v.nullable(v.string()),
  warnings: v.array(v.string()),
  snapshotAt: v.nullable(instant),
  revision: count,
};

const activity = {
  openCalls: count,
  engagedExtensions: v.pipe(count, v.description('Phones that are ringing, in a call or busy.')),
};

export const pbxListShape = v.object({ items: v.array(v.object({ ...pbx, ...activity })) });

const linkShape = v.object({
  heldBy: v.pipe(v.nullable(v.string()), v.description('Which connector holds it; null where nobody does.')),
  leaseExpiresAt: v.pipe(
    v.nullable(instant),
    v.description('When another may take it, unless its holder says before then that it is alive.'),
  ),
  heardAt: v.pipe(
    v.nullable(instant),
    v.description('When the PBX last said anything, a heartbeat as well, to within a few seconds.'),
  ),
  epoch: v.pipe(count, v.description('One more for each holder.')),
  failures: count,
  refusedLogins: v.pipe(count, v.description('In a row; at three nobody tries any more.')),
  blocks: v.pipe(
    v.array(v.object({ egress: v.string(), until: v.string(), reason: v.string() })),
    v.description('Which of our addresses the PBX blocks, and until when.'),
  ),
});

export const pbxDetailShape = v.object({ ...pbx, ...activity, link: linkShape });

export const linkListShape = v.object({ items: v.array(pbxDetailShape) });

export const linkStepPageShape = pageOf(
  v.object({
    at: instant,
    was: v.string(),
    state: v.string(),
    reason: v.nullable(v.string()),
    alarm: v.nullable(v.string()),
    nextAttemptAt: v.nullable(instant),
    epoch: count,
    holder: v.string(),
  }),
);

export const snapshotWantedShape = v.object({
  wanted: v.literal(true),
  held: v.pipe(
    v.boolean(),
    v.description('Somebody holds the link and takes it now; if not, whoever does next.'),
  ),
});

export const retryWantedShape = v.object({ wanted: v.literal(true), held: v.boolean() });
