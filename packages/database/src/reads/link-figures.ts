import type { Transaction } from '../transaction.ts';

/** How a link stands, told in as few words as somebody needs who is to be woken. */
export const linkConditions = ['live', 'connecting', 'blocked', 'refused', 'unheld'] as const;

export type LinkCondition = (typeof linkConditions)[number];

export interface LinkFigures {
  readonly links: Readonly<Record<LinkCondition, number>>;
  /** 0 while every link is held. */
  readonly longestUnheldSeconds: number;
  /** Until the first of the leases runs out unless it is renewed; 0 where there is none. */
  readonly shortestLeaseSeconds: number;
}

/** Of the PBXs that are switched on, for metrics: a few numbers, however many PBXs there are. */
export async function readLinkFigures(transaction: Transaction): Promise<LinkFigures> {
  const rows = await transaction.query<{
    condition: LinkCondition;
    links: number;
    unheld: number;
    lease: number | null;
  }>(
    `select condition, count(*)::integer as links,
       max(extract(epoch from clock_timestamp() - unheld_since))::float8 as unheld,
       min(extract(epoch from expires_at - clock_timestamp()))::float8 as lease
     from (
       select case
           when l.lease_expires_at is null or l.lease_expires_at <= clock_timestamp() then 'unheld'
           when l.state in ('live', 'blocked', 'refused') then l.state
           else 'connecting'
         end as condition,
         coalesce(l.lease_expires_at, l.handed_over_at, l.since) as unheld_since,
         l.lease_expires_at as expires_at
       from pbx p join pbx_link l on l.pbx_id = p.id
       where p.enabled and p.removed_at is null
     ) as stands
     group by condition`,
  );
  const of = (condition: LinkCondition) => rows.find((row) => row.condition === condition);
  const counts = linkConditions.map((condition) => [condition, of(condition)?.links ?? 0]);
  const held = rows.filter(({ condition }) => condition !== 'unheld').map(({ lease }) => lease ?? 0);
  return {
    links: Object.fromEntries(counts) as LinkFigures['links'],
    longestUnheldSeconds: Math.max(0, of('unheld')?.unheld ?? 0),
    shortestLeaseSeconds: held.length === 0 ? 0 : Math.min(...held),
  };
}
