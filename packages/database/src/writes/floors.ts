import type { Floor, FloorCause, Instant, PbxId, StatementKey, Version } from '@trunkline/domain';
import { column, parametersOf, unnested } from '../columns.ts';
import type { Transaction } from '../transaction.ts';

export interface PbxFloorRow {
  readonly pbx: PbxId;
  readonly floor: Floor;
}

export type Floors = ReadonlyMap<PbxId, readonly Floor[]>;

const lowestKeys = [
  column<LowestKey, 'uuid'>('pbx_id', 'uuid', (row) => row.pbx),
  column<LowestKey, 'bigint'>('as_of', 'bigint', (row) => row.key.asOf),
  column<LowestKey, 'bigint'>('said', 'bigint', (row) => row.key.said),
  column<LowestKey, 'smallint'>('rank', 'smallint', (row) => row.key.rank),
];

interface LowestKey {
  readonly pbx: PbxId;
  readonly key: StatementKey;
}

const selectFloors = `
  select f.pbx_id, f.as_of, f.said, f.rank, f.cause, f.covers_extensions,
    (extract(epoch from f.at) * 1000)::bigint as at
  from ${unnested(lowestKeys)}
  join pbx_floor f on f.pbx_id = said.pbx_id and (f.as_of, f.said, f.rank) > (said.as_of, said.said, said.rank)
  order by f.pbx_id, f.as_of, f.said, f.rank, f.cause`;

/**
 * The floors that stand above a key of their PBX. Asked for the lowest key of a batch this is almost always nothing:
 * what a PBX says now stands above every floor. Must follow the lock in a statement of its own, since a statement that
 * waited for the lock still sees the table as it was before.
 */
export async function floorsAbove(transaction: Transaction, keys: readonly LowestKey[]): Promise<Floors> {
  if (keys.length === 0) return new Map();
  const rows = await transaction.query<FloorRow>(selectFloors, parametersOf(lowestKeys, keys));
  const floors = new Map<PbxId, Floor[]>();
  for (const row of rows) {
    const known = floors.get(row.pbx_id);
    if (known === undefined) floors.set(row.pbx_id, [floorOf(row)]);
    else known.push(floorOf(row));
  }
  return floors;
}

interface FloorRow {
  readonly pbx_id: PbxId;
  readonly as_of: string;
  readonly said: string;
  readonly rank: 0 | 1;
  readonly cause: FloorCause;
  readonly covers_extensions: boolean;
  readonly at: string;
}

const floorOf = (row: FloorRow): Floor => ({
  key: { asOf: BigInt(row.as_of) as Version, said: BigInt(row.said) as Version, rank: row.rank },
  at: Number(row.at) as Instant,
  cause: row.cause,
  coversExtensions: row.covers_extensions,
});

const floorColumns = [
  column<PbxFloorRow, 'uuid'>('pbx_id', 'uuid', (row) => row.pbx),
  column<PbxFloorRow, 'bigint'>('as_of', 'bigint', ({ floor }) => floor.key.asOf),
  column<PbxFloorRow, 'bigint'>('said', 'bigint', ({ floor }) => floor.key.said),
  column<PbxFloorRow, 'smallint'>('rank', 'smallint', ({ floor }) => floor.key.rank),
  column<PbxFloorRow, 'text'>('cause', 'text', ({ floor }) => floor.cause),
  column<PbxFloorRow, 'instant'>('at', 'instant', ({ floor }) => floor.at),
  column<PbxFloorRow, 'boolean'>('covers_extensions', 'boolean', ({ floor }) => floor.coversExtensions),
];

const insertFloors = `
  insert into pbx_floor (pbx_id, as_of, said, rank, cause, at, covers_extensions)
  select pbx_id, as_of, said, rank, cause, to_timestamp(at / 1000), covers_extensions
  from ${unnested(floorColumns)}
  on conflict do nothing`;

export async function storeFloors(transaction: Transaction, floors: readonly PbxFloorRow[]): Promise<void> {
  if (floors.length > 0) await transaction.query(insertFloors, parametersOf(floorColumns, floors));
}
