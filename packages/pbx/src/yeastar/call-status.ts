import type { OpenCallStatus } from '@trunkline/domain';
import { isLive, type Call, type Leg } from './call.ts';
import type { MemberStatus } from './frames.ts';
import { note, partyOfLeg } from './fold-members.ts';

const isTalking = (status: MemberStatus | null): boolean =>
  status === 'ANSWER' || status === 'ANSWERED' || status === 'HOLD';

/** Notes what the legs add up to by now. A call once answered stays so, whatever a late frame says. */
export function judgeAnswer(call: Call, at: number | undefined): void {
  if (!call.answered) {
    if (!isAnswered(call)) return;
    call.answered = true;
    call.answeredAt = at;
  }
  for (const leg of call.legs) if (leg.number !== '' && isTalking(leg.status)) note(call.talked, leg.number);
  call.answeredBy ??= answererOf(call);
}

/**
 * Two legs that talk are a conversation. An inbound leg alone that talks has a menu or a queue in its ear. One leg that
 * was called and answered counts alone only where nobody is known who called: then the other side is not monitored.
 */
function isAnswered(call: Call): boolean {
  let talking = 0;
  let picked = false;
  let callerKnown = false;
  for (const leg of call.legs) {
    if (isTalking(leg.status)) talking++;
    if (leg.status === 'ANSWER' && isPerson(leg)) picked ||= leg.role !== 'caller';
    if (isLive(leg) && leg.role === 'caller') callerKnown = true;
  }
  return talking >= 2 || (picked && !callerKnown);
}

const isPerson = ({ side }: Leg): boolean => side === 'extension' || side === 'outbound';

function answererOf(call: Call) {
  for (const leg of call.legs) {
    if (leg.role === 'called' && isTalking(leg.status)) return partyOfLeg(leg);
  }
  return undefined;
}

export function statusOf(call: Call): OpenCallStatus {
  if (call.answered) return call.legs.some(({ status }) => status === 'HOLD') ? 'held' : 'connected';
  return call.ringing ? 'ringing' : 'calling';
}
