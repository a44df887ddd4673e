import type { Database } from '../database.ts';

/**
 * Forgets floors that are older than late statements can be. The highest floor of each PBX stays for ever, so that
 * nothing older than it is ever shown open again, however late it comes.
 */
export async function pruneFloors(database: Database, olderThanMs: number): Promise<number> {
  const rows = await database.run((transaction) =>
    transaction.query<{ count: number }>(
      `with gone as (
         delete from pbx_floor f
         where f.raised_at < now() - $1::float8 * interval '1 millisecond'
           and exists (
             select from pbx_floor higher
             where higher.pbx_id = f.pbx_id and (higher.as_of, higher.said, higher.rank) > (f.as_of, f.said, f.rank)
           )
         returning 1
       )
       select count(*)::integer as count from gone`,
      [olderThanMs],
    ),
  );
  return rows[0]?.count ?? 0;
}
