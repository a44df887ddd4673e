import { compareFloors, type Floor, type PbxId } from '@trunkline/domain';
import type { Transaction } from '../transaction.ts';
import { changesOf, selectChanges, type Changes, type ChangesRow } from './changes.ts';
import { shownCallColumns } from './write-calls.ts';
import { shownExtensionColumns } from './write-extensions.ts';

export interface ClosedByFloors {
  readonly calls: Changes[];
  readonly extensions: Changes[];
}

/**
 * Lets floors that were just stored close what lies below them. The PBX is locked FOR UPDATE, so nobody else writes
 * its rows meanwhile. Floors are taken from the lowest up: each then finds open only what no lower one has closed.
 */
export async function raiseFloors(
  transaction: Transaction,
  pbx: PbxId,
  floors: readonly Floor[],
): Promise<ClosedByFloors> {
  const closed: ClosedByFloors = { calls: [], extensions: [] };
  for (const floor of [...floors].sort(compareFloors)) {
    const isLate = await hasFloorAbove(transaction, pbx, floor);
    const { calls, extensions } = statementsFor(floor, isLate);
    const parameters = parametersOf(pbx, floor, isLate);
    closed.calls.push(...(await changes(transaction, calls, parameters)));
    closed.extensions.push(...(await changes(transaction, extensions, parameters)));
  }
  return closed;
}

/** What needs to be looked at is little where the floor is the highest, and least where it is that of a lost link. */
function statementsFor({ cause }: Floor, isLate: boolean): { calls: string; extensions: string } {
  const isLostLink = cause !== 'reconciled';
  return {
    calls: isLate ? closeCallsLate : closeCalls,
    extensions: isLate || !isLostLink ? settleExtensions : resetExtensions,
  };
}

/** The floor at hand as a row, so that both statements name its parts and take the same parameters. */
const raised = `
  raised as (
    select $1::uuid as pbx_id, $2::bigint as as_of, $3::bigint as said, $4::smallint as rank, $5::text as cause,
      to_timestamp($6::float8 / 1000) as at, $7::boolean as covers_extensions, $8::boolean as is_late
  )`;

/**
 * [FLOOR1] What is open below the floor has no other floor above it, or it would be closed: this floor is its lowest.
 * Where the floor is the highest there is nothing else to look at.
 */
const closeCalls = `
  with ${raised}, changed as (
    update call c set status = 'ended', ended_at = r.at, hangup_cause = r.cause, revision = c.revision + 1
    from raised r
    where c.pbx_id = r.pbx_id and c.status <> 'ended'
      and (c.word_as_of, c.word_said, c.word_rank) < (r.as_of, r.said, r.rank)
    returning c.*
  )
  ${selectChanges(shownCallColumns)}`;

/**
 * What a higher floor has closed already gets this one's time and cause instead when this one turns up late and lies
 * between the word and that floor; such rows are found by their own partial index, from the next lower floor on, since
 * that one has closed all below it.
 */
const closeCallsLate = `
  with ${raised}, closing as (
    select c.pbx_id, c.call_key from raised r join call c on c.pbx_id = r.pbx_id
    where c.status <> 'ended' and (c.word_as_of, c.word_said, c.word_rank) < (r.as_of, r.said, r.rank)
    union all
    select c.pbx_id, c.call_key from raised r join call c on c.pbx_id = r.pbx_id
    where c.status = 'ended' and c.word_status <> 'ended'
      and c.word_as_of >= coalesce((
        select f.as_of from pbx_floor f
        where f.pbx_id = r.pbx_id and (f.as_of, f.said, f.rank, f.cause) < (r.as_of, r.said, r.rank, r.cause)
        order by f.as_of desc limit 1
      ), 0)
      and c.word_as_of <= r.as_of and (c.word_as_of, c.word_said, c.word_rank) < (r.as_of, r.said, r.rank)
      and not exists (
        select from pbx_floor f
        where f.pbx_id = c.pbx_id and (f.as_of, f.said, f.rank) > (c.word_as_of, c.word_said, c.word_rank)
          and (f.as_of, f.said, f.rank, f.cause) < (r.as_of, r.said, r.rank, r.cause)
      )
  ), changed as (
    update call c set status = 'ended', ended_at = r.at, hangup_cause = r.cause, revision = c.revision + 1
    from raised r, closing where c.pbx_id = closing.pbx_id and c.call_key = closing.call_key
      and (c.status, c.ended_at, c.hangup_cause) is distinct from ('ended', r.at, r.cause)
    returning c.*
  )
  ${selectChanges(shownCallColumns)}`;

/**
 * [EXT4] The highest floor, and that of a lost link: whoever is shown engaged has no lost link above the last word, or
 * would be shown online, and no list above it that leaves it out, or would be shown offline. So this floor settles it.
 */
const resetExtensions = `
  with ${raised}, changed as (
    update extension e set status = 'online', last_seen_at = r.at, revision = e.revision + 1
    from raised r
    where e.pbx_id = r.pbx_id and e.status in ('ringing', 'incall', 'busy')
      and (e.word_as_of, e.word_said, e.word_rank) < (r.as_of, r.said, r.rank)
    returning e.*
  )
  ${selectChanges(shownExtensionColumns)}`;

/**
 * [EXT4] What may change is looked at in full, as the rule says it: a complete list that leaves the phone out makes it
 * offline, else a lost link makes it online if it was engaged. In order that is whoever is engaged, and behind a
 * complete list whoever is not offline; a late floor looks at all that lies below it.
 */
const settleExtensions = `
  with ${raised}, settled as (
    select e.pbx_id, e.number,
      case when unlisted.yes then 'offline' when lost.at is not null then 'online' else e.word_status end as status,
      case when unlisted.yes or lost.at is null then e.word_at else lost.at end as last_seen_at
    from raised r join extension e on e.pbx_id = r.pbx_id
    left join lateral (
      select true as yes from pbx_floor f
      where f.pbx_id = e.pbx_id and f.cause = 'reconciled' and f.covers_extensions and e.word_status <> 'offline'
        and (f.as_of, f.said, f.rank) > (e.word_as_of, e.word_said, e.word_rank)
      limit 1
    ) unlisted on true
    left join lateral (
      select f.at from pbx_floor f
      where f.pbx_id = e.pbx_id and f.cause <> 'reconciled' and e.word_status in ('ringing', 'incall', 'busy')
        and (f.as_of, f.said, f.rank) > (e.word_as_of, e.word_said, e.word_rank)
      order by f.as_of, f.said, f.rank, f.cause limit 1
    ) lost on true
    where (e.word_as_of, e.word_said, e.word_rank) < (r.as_of, r.said, r.rank)
      and (r.is_late or e.status in ('ringing', 'incall', 'busy') or (r.covers_extensions and e.status <> 'offline'))
  ), changed as (
    update extension e set status = settled.status, last_seen_at = settled.last_seen_at, revision = e.revision + 1
    from settled where e.pbx_id = settled.pbx_id and e.number = settled.number
      and (e.status, e.last_seen_at) is distinct from (settled.status, settled.last_seen_at)
    returning e.*
  )
  ${selectChanges(shownExtensionColumns)}`;

async function changes(
  transaction: Transaction,
  statement: string,
  parameters: unknown[],
): Promise<Changes[]> {
  return (await transaction.query<ChangesRow>(statement, parameters)).map(changesOf);
}

function parametersOf(pbx: PbxId, { key, cause, at, coversExtensions }: Floor, isLate: boolean): unknown[] {
  return [pbx, key.asOf, key.said, key.rank, cause, at, coversExtensions, isLate];
}

async function hasFloorAbove(transaction: Transaction, pbx: PbxId, { key, cause }: Floor): Promise<boolean> {
  const above = await transaction.query(
    `select from pbx_floor where pbx_id = $1 and (as_of, said, rank, cause) > ($2, $3, $4, $5) limit 1`,
    [pbx, key.asOf, key.said, key.rank, cause],
  );
  return above.length > 0;
}
