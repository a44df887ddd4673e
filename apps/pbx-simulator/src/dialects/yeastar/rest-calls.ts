import { OrderError } from '../../telephony/desk.ts';
import type { Exchange } from '../../telephony/exchange.ts';
import type { Leg } from '../../telephony/leg.ts';
import { reply, type YeastarReply } from './errors.ts';

export interface CallControl {
  readonly exchange: Exchange;
  readonly pickUpLater: (key: string) => void;
}

type Body = Readonly<Record<string, unknown>>;

/** What a client may do to calls. */
export const callActions: Readonly<Record<string, (control: CallControl, body: Body) => YeastarReply>> = {
  'call/dial': ({ exchange, pickUpLater }, { caller, callee }) => {
    if (typeof caller !== 'string' || typeof callee !== 'string' || callee === '') return reply('parameter');
    // A caller that is no extension, or not there, is accepted all the same: just nothing happens.
    const call = exchange.originate({ from: caller, to: callee });
    if (call === null) return reply('success', { call_id: exchange.board.identities.uniqueId() });
    pickUpLater(call.key);
    return reply('success', { call_id: call.key });
  },
  'call/hangup': (control, body) =>
    onLeg(control, body, (leg) => {
      control.exchange.hangUpLeg(leg);
    }),
  'call/hold': (control, body) =>
    onLeg(control, body, (leg) => control.exchange.hold(leg.call, leg.line.number, true)),
  'call/unhold': (control, body) =>
    onLeg(control, body, (leg) => control.exchange.hold(leg.call, leg.line.number, false)),
  'call/mute': (control, body) => onLeg(control, body, () => undefined),
  'call/unmute': (control, body) => onLeg(control, body, () => undefined),
  'call/record_start': (control, body) => onLeg(control, body, (leg) => control.exchange.record(leg.call)),
  'call/transfer': (control, body) =>
    onLeg(control, body, (leg) => {
      const { type, number } = body;
      if (typeof number !== 'string' || leg.extension === null) throw new OrderError('a number is missing');
      const kind = type === 'attended' ? 'attended' : 'blind';
      control.exchange.transfer(leg.call, { by: leg.extension, to: number, kind });
    }),
};

/** Calls are steered by a channel's id; a call_id is not understood. */
function onLeg({ exchange }: CallControl, body: Body, act: (leg: Leg) => void): YeastarReply {
  const { channel_id: channel } = body;
  if (typeof channel !== 'string') return reply('parameter');
  const leg = [...exchange.board.legs.values()].find((one) => one.channel === channel);
  if (leg === undefined) return reply('notFound');
  const { key } = leg.call;
  try {
    act(leg);
  } catch (error) {
    if (error instanceof OrderError) return reply('operationFailed');
    throw error;
  }
  return reply('success', { call_id: key });
}
