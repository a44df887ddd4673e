import type { PbxId } from '@trunkline/domain';
import type { Transaction } from '../transaction.ts';

export interface BlockedAddress {
  readonly pbx: PbxId;
  readonly egress: string;
  /** From now on. */
  readonly forMs: number;
  readonly reason: string;
}

/** Notes that a PBX blocks an address of ours. A block that lasts longer stands. Returns how long it lasts from now. */
export async function block(
  transaction: Transaction,
  { pbx, egress, forMs, reason }: BlockedAddress,
): Promise<number> {
  const [row] = await transaction.query<{ ms: number }>(
    `insert into pbx_block as known (pbx_id, egress, until, reason, set_at)
     values ($1, $2, clock_timestamp() + $3::float8 * interval '1 millisecond', $4, clock_timestamp())
     on conflict (pbx_id, egress) do update set until = greatest(known.until, excluded.until),
       reason = case when excluded.until > known.until then excluded.reason else known.reason end,
       set_at = case when excluded.until > known.until then excluded.set_at else known.set_at end
     returning ${msLeft}`,
    [pbx, egress, forMs, reason],
  );
  return row?.ms ?? forMs;
}

/** How long the block lasts from now; null when there is none. Asked before every login. */
export async function blockedForMs(
  transaction: Transaction,
  pbx: PbxId,
  egress: string,
): Promise<number | null> {
  const [row] = await transaction.query<{ ms: number }>(
    `select ${msLeft} from pbx_block where pbx_id = $1 and egress = $2 and until > clock_timestamp()`,
    [pbx, egress],
  );
  return row?.ms ?? null;
}

const msLeft = '(extract(epoch from until - clock_timestamp()) * 1000)::float8 as ms';

/** An operator has released our addresses on the PBX itself, so that nothing is waited for any more. */
export async function liftBlocks(transaction: Transaction, pbx: PbxId): Promise<number> {
  const rows = await transaction.query(`delete from pbx_block where pbx_id = $1 returning pbx_id`, [pbx]);
  return rows.length;
}
