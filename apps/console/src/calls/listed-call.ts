import type { CallRow } from '@trunkline/realtime-client';
import type { KnownParties } from './known-parties.ts';

/** A call as the API lists it. */
export interface ListedCall extends CallRow, KnownParties {
  readonly pbxName: string;
  /** When the PBX was last asked and said that it is alive. */
  readonly verifiedAt: string | null;
}

export interface TrailEntry {
  readonly at: string;
  readonly type: string;
  readonly version: string;
  readonly payload: unknown;
  readonly traceparent: string | null;
}

/** A cleanup or a sweep that touched a call. */
export interface CallCleanup {
  readonly id: string;
  readonly pbx: string | null;
  readonly kind: string;
  readonly cause: string | null;
  readonly reason: string | null;
  readonly happenedAt: string | null;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly outcome: string;
  readonly why: string | null;
}

export interface CallRecording {
  readonly recording: string;
  readonly readyAt: string;
  readonly durationSeconds: number | null;
}

export interface CallDetail extends ListedCall {
  readonly trail: readonly TrailEntry[];
  readonly moreTrail: boolean;
  readonly cleanups: readonly CallCleanup[];
  readonly recordings: readonly CallRecording[];
}

export const callApiPath = ({ pbx, call }: { readonly pbx: string; readonly call: string }): string =>
  `/v1/calls/${pbx}/${encodeURIComponent(call)}`;
