import type {
  CallKey,
  ExtensionNumber,
  Instant,
  ObservedCall,
  OpenCallStatus,
  PbxId,
  StatementKey,
  TenantId,
  Version,
} from '@trunkline/domain';

/** A call's place in the order in which open calls are paged through. */
export interface CallPlace {
  readonly pbx: PbxId;
  readonly call: CallKey;
}

/** An open call as somebody saw it: what the policy needs to know, and the word that a closing must not outrun. */
export interface OpenCall extends CallPlace, ObservedCall {
  readonly tenant: TenantId;
  readonly status: OpenCallStatus;
  readonly extensions: readonly ExtensionNumber[];
  readonly word: StatementKey;
  /** When it was seen, by the database's clock. */
  readonly seenAt: Instant;
}

export interface OpenCallRow {
  readonly tenant_id: TenantId;
  readonly pbx_id: PbxId;
  readonly call_key: CallKey;
  readonly status: OpenCallStatus;
  readonly started_at_ms: string;
  readonly answered_at_ms: string | null;
  readonly verified_at_ms: string | null;
  readonly extensions: ExtensionNumber[];
  readonly word_as_of: string;
  readonly word_said: string;
  readonly word_rank: 0 | 1;
  readonly seen_at_ms: string;
}

export const millis = (expression: string): string =>
  `floor(extract(epoch from ${expression}) * 1000)::bigint`;

/** What is read of `call c`, seen at the moment `seenAt`, an expression. */
export const openCallColumns = (seenAt: string): string => `
  c.tenant_id, c.pbx_id, c.call_key, c.status, c.extensions, c.word_as_of, c.word_said, c.word_rank,
  ${millis('c.started_at')} as started_at_ms, ${millis('c.answered_at')} as answered_at_ms,
  ${millis('c.verified_at')} as verified_at_ms, ${millis(seenAt)} as seen_at_ms`;

export const openCallOf = (row: OpenCallRow): OpenCall => ({
  tenant: row.tenant_id,
  pbx: row.pbx_id,
  call: row.call_key,
  status: row.status,
  startedAt: Number(row.started_at_ms) as Instant,
  answeredAt: instantOf(row.answered_at_ms),
  verifiedAt: instantOf(row.verified_at_ms),
  extensions: row.extensions,
  word: {
    asOf: BigInt(row.word_as_of) as Version,
    said: BigInt(row.word_said) as Version,
    rank: row.word_rank,
  },
  seenAt: Number(row.seen_at_ms) as Instant,
});

const instantOf = (text: string | null): Instant | undefined =>
  text === null ? undefined : (Number(text) as Instant);
