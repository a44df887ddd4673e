import { assertNever } from '@trunkline/service-kit';
import type { CallKind } from '../contract/call-plan.ts';
import type { Dialplan } from './leg.ts';

const RING_SECONDS = 30;

/** What the PBX's dialplan does with a call of each kind, as it shows on the caller's channel. */
export function dialplanOf(kind: CallKind, to: string, targets: readonly string[], trunk: string): Dialplan {
  const context = 'internal';
  switch (kind) {
    case 'internal':
    case 'inbound':
      return { context, exten: to, priority: 2, application: 'Dial', data: `PJSIP/${to},${RING_SECONDS},tT` };
    case 'menu':
      return { context, exten: to, priority: 2, application: 'Dial', data: `PJSIP/${to},${RING_SECONDS},tT` };
    case 'outbound':
      return {
        context,
        exten: to,
        priority: 1,
        application: 'Dial',
        data: `PJSIP/${to}@${trunk},${RING_SECONDS}`,
      };
    case 'group': {
      const devices = targets.map((target) => `PJSIP/${target}`).join('&');
      return { context, exten: to, priority: 1, application: 'Dial', data: `${devices},${RING_SECONDS},tT` };
    }
    case 'queue':
      return { context, exten: to, priority: 2, application: 'Queue', data: `queue-${to},tT,,,60` };
    case 'conference':
      return { context, exten: to, priority: 2, application: 'ConfBridge', data: to };
    default:
      return assertNever(kind, 'kind of call');
  }
}

export const MENU_NUMBER = '9007';

/** Where the PBX picks up itself before anybody's phone rings. */
export function answersFirst(kind: CallKind): boolean {
  return kind === 'queue' || kind === 'menu' || kind === 'conference';
}

export function firstApplication(kind: CallKind): Pick<Dialplan, 'application' | 'data'> {
  return kind === 'menu'
    ? { application: 'Read', data: 'digit,vm-enter-num-to-call,4,,1,5' }
    : { application: 'Answer', data: '' };
}

/** The number that an outside caller dials to reach a number inside. */
export function didOf(number: string): string {
  return `+3120555${number}`;
}
