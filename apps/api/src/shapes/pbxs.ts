import * as v from 'valibot';
import { count, id, instant } from './common.ts';

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

export const pbxDetailShape = v.object({
  ...pbx,
  ...activity,
  link: v.object({
    heldBy: v.nullable(v.string()),
    epoch: count,
    failures: count,
    refusedLogins: count,
    blocks: v.array(v.object({ egress: v.string(), until: v.string(), reason: v.string() })),
  }),
});

export const snapshotWantedShape = v.object({
  wanted: v.literal(true),
  held: v.pipe(
    v.boolean(),
    v.description('Somebody holds the link and takes it now; if not, whoever does next.'),
  ),
});

export const retryWantedShape = v.object({ wanted: v.literal(true), held: v.boolean() });
