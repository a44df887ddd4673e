import * as v from 'valibot';
import type { CallHandle } from '../contract/call-plan.ts';
import { orderSchemas } from './schemas.ts';

export type Verb = keyof typeof orderSchemas;

export const verbs = Object.keys(orderSchemas) as readonly Verb[];

export const isVerb = (text: string): text is Verb => Object.hasOwn(orderSchemas, text);

/** Reads the body as this verb wants it, and gives the order. */
export function order(call: CallHandle, verb: Verb, body: unknown): void {
  orders[verb](call, body);
}

const orders: Record<Verb, (call: CallHandle, body: unknown) => void> = {
  ring: (call, body) => {
    v.parse(orderSchemas.ring, body);
    call.ring();
  },
  answer: (call, body) => call.answer(v.parse(orderSchemas.answer, body).by),
  hold: (call, body) => call.hold(v.parse(orderSchemas.hold, body).by),
  resume: (call, body) => call.resume(v.parse(orderSchemas.resume, body).by),
  transfer: (call, body) => call.transfer(v.parse(orderSchemas.transfer, body)),
  pickup: (call, body) => call.pickup(v.parse(orderSchemas.pickup, body).by),
  join: (call, body) => call.join(v.parse(orderSchemas.join, body).extension),
  record: (call, body) => {
    v.parse(orderSchemas.record, body);
    call.record();
  },
  hangUp: (call, body) => {
    const { by, cause } = v.parse(orderSchemas.hangUp, body);
    call.hangUp(by, cause);
  },
};
