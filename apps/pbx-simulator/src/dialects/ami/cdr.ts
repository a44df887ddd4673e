import type { EndCause } from '../../contract/ledger.ts';
import type { Call, Stage } from '../../telephony/call.ts';
import { event, type AmiEvent } from './event.ts';

/** One record a stage, with the PBX's own wall clock (here UTC). Their key is UniqueID; they know no Linkedid. */
export function cdrEvents(call: Call, at: (realMs: number) => number): AmiEvent[] {
  return call.stages.map((stage) =>
    event('Cdr', 'cdr', [
      ['AccountCode', ''],
      ['Source', stage.from],
      ['Destination', call.reached],
      ['DestinationContext', 'internal'],
      ['CallerID', `"${stage.callerLeg?.line.name ?? ''}" <${stage.from}>`],
      ['Channel', stage.callerLeg?.channel ?? ''],
      ['DestinationChannel', stage.calleeLeg?.channel ?? ''],
      ['LastApplication', call.kind === 'queue' ? 'Queue' : 'Dial'],
      ['LastData', stage.calleeLeg?.device ?? ''],
      ['StartTime', clockTime(stage.startedAt, at)],
      ['AnswerTime', clockTime(stage.answeredAt, at)],
      ['EndTime', clockTime(stage.endedAt, at)],
      ['Duration', seconds(stage.startedAt, stage.endedAt)],
      ['BillableSeconds', stage.answeredAt === null ? 0 : seconds(stage.answeredAt, stage.endedAt)],
      ['Disposition', dispositionOf(stage, call.cause)],
      ['AMAFlags', 'DOCUMENTATION'],
      ['UniqueID', stage.callerLeg?.id ?? ''],
      ['UserField', ''],
    ]),
  );
}

function dispositionOf(stage: Stage, cause: EndCause | null): string {
  if (stage.answeredAt !== null) return 'ANSWERED';
  if (cause === 'busy') return 'BUSY';
  return cause === 'congestion' ? 'FAILED' : 'NO ANSWER';
}

function clockTime(realMs: number | null, at: (realMs: number) => number): string {
  return realMs === null ? '' : new Date(at(realMs)).toISOString().slice(0, 19).replace('T', ' ');
}

function seconds(from: number, to: number | null): number {
  return to === null ? 0 : Math.max(0, Math.round((to - from) / 1000));
}
