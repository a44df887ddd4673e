import type { EndCause } from '../../contract/ledger.ts';
import type { Call, Stage } from '../../telephony/call.ts';

/** One stage of a call that is over, as event 30012 and the call log tell it. */
export interface Details {
  readonly call_id: string;
  readonly uid: string;
  readonly time_start: string;
  readonly call_from: string;
  readonly call_to: string;
  readonly call_duration: number;
  readonly talk_duration: number;
  readonly src_trunk_name: string;
  readonly dst_trunk_name: string;
  readonly pin_code: string;
  readonly status: string;
  readonly type: string;
  readonly recording: string;
  readonly did_number: string;
  readonly did_name: string;
  readonly agent_ring_time: number;
}

const types = { inbound: 'Inbound', outbound: 'Outbound', internal: 'Internal' } as const;

/** One for each stage; a call that never got so far has one all the same. */
export function detailsOf(call: Call, at: (realMs: number) => number): Details[] {
  const stages = call.stages.length > 0 ? call.stages : [stageOfNothing(call)];
  return stages.map((stage) => ({
    call_id: call.key,
    uid: uidOf(call, at),
    time_start: wallClock(at(stage.startedAt)),
    call_from: stage.from,
    call_to: stage.to,
    call_duration: seconds(stage.startedAt, stage.endedAt),
    talk_duration: stage.answeredAt === null ? 0 : seconds(stage.answeredAt, stage.endedAt),
    // The vendor's own examples have a blank where there is nothing.
    src_trunk_name: call.direction === 'inbound' ? (call.trunk ?? ' ') : ' ',
    dst_trunk_name: call.direction === 'outbound' ? (call.trunk ?? ' ') : ' ',
    pin_code: '',
    status: stage.answeredAt === null ? dispositions[call.cause ?? 'normal'] : 'ANSWERED',
    type: types[call.direction],
    recording: stage.answeredAt === null ? '' : (call.recording ?? ''),
    did_number: call.did ?? ' ',
    did_name: ' ',
    agent_ring_time: 0,
  }));
}

const dispositions: Record<EndCause, string> = {
  normal: 'NO ANSWER',
  busy: 'BUSY',
  no_answer: 'NO ANSWER',
  rejected: 'FAILED',
  offline: 'FAILED',
  bad_number: 'FAILED',
  abandoned: 'ABANDONED',
  congestion: 'FAILED',
  voicemail: 'VOICEMAIL',
  restarted: 'FAILED',
};

/** Event 30015 comes for these, with the vendor's own spelling. */
export const failureReasons: Partial<Record<EndCause, string>> = {
  busy: '486 Busy here',
  rejected: '603 Declined',
  offline: 'Line Unreachable',
  bad_number: '404 NOT found',
  congestion: 'Circuit/channel congestion',
};

function stageOfNothing(call: Call): Stage {
  const { caller, reached, startedAt, endedAt } = call;
  return {
    from: caller.number,
    to: reached,
    startedAt,
    answeredAt: null,
    endedAt,
    callerLeg: null,
    calleeLeg: null,
  };
}

function uidOf(call: Call, at: (realMs: number) => number): string {
  const digits = wallClock(at(call.startedAt)).replaceAll(/\D/g, '');
  return `${digits}${call.key.split('.').at(-1)?.padStart(5, '0') ?? ''}`;
}

/** As the PBX displays it: its own wall clock, here UTC, without a zone. */
export function wallClock(pbxMs: number): string {
  return new Date(pbxMs).toISOString().slice(0, 19).replace('T', ' ');
}

function seconds(from: number, to: number | null): number {
  return to === null ? 0 : Math.max(0, Math.round((to - from) / 1000));
}
