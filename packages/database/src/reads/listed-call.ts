import type { CallKey, CallStatus, Direction, HangupCause, PbxId, TenantId } from '@trunkline/domain';

/** A call as a list shows it. */
export interface ListedCall {
  readonly pbx: PbxId;
  readonly pbxName: string;
  readonly tenant: TenantId;
  readonly call: CallKey;
  readonly status: CallStatus;
  readonly startedAt: Date;
  readonly answeredAt: Date | null;
  /** Only a snapshot told of the answer, so that it was some time before. */
  readonly answeredApproximate: boolean;
  readonly endedAt: Date | null;
  readonly cause: HangupCause | null;
  readonly talkSeconds: number | null;
  readonly direction: Direction | null;
  readonly trunk: string | null;
  readonly did: string | null;
  readonly callerNumber: string | null;
  readonly callerName: string | null;
  readonly calleeNumber: string | null;
  readonly calleeName: string | null;
  readonly extensions: readonly string[];
  /** When the PBX was last asked and said that it is alive. */
  readonly verifiedAt: Date | null;
  readonly revision: number;
}

/** Of a call `c` and its PBX `p`. */
export const listedCallColumns = `c.pbx_id as pbx, p.name as "pbxName", c.tenant_id as tenant, c.call_key as call,
  c.status, c.started_at as "startedAt", c.answered_at as "answeredAt", c.answered_approximate as "answeredApproximate",
  c.ended_at as "endedAt", c.hangup_cause as cause, c.talk_seconds as "talkSeconds", c.direction, c.trunk, c.did,
  c.caller_number as "callerNumber", c.caller_name as "callerName", c.callee_number as "calleeNumber",
  c.callee_name as "calleeName", array_to_json(c.extensions)::text as extensions, c.verified_at as "verifiedAt",
  c.revision`;

/** What the driver makes of these columns: times stay text, in all their microseconds. */
export type ListedCallRow = {
  readonly [Name in keyof ListedCall]: ListedCall[Name] extends Date
    ? string
    : ListedCall[Name] extends Date | null
      ? string | null
      : Name extends 'extensions'
        ? string
        : ListedCall[Name];
};

export const listedCallOf = (row: ListedCallRow): ListedCall => ({
  ...row,
  startedAt: new Date(row.startedAt),
  answeredAt: maybeDate(row.answeredAt),
  endedAt: maybeDate(row.endedAt),
  verifiedAt: maybeDate(row.verifiedAt),
  extensions: JSON.parse(row.extensions) as string[],
});

export const maybeDate = (text: string | null): Date | null => (text === null ? null : new Date(text));
