import type { HeardEvent } from '@trunkline/database';
import { readEvent, type LifecycleEvent } from '@trunkline/domain';
import type { PayloadCodec, StreamEvent } from '@trunkline/event-stream';

/** What travels as a payload: the text as published, and once it was read, the event that it says. */
export interface Heard {
  readonly text: string;
  readonly event?: LifecycleEvent;
}

/**
 * The text is kept beside what it says, since the audit trail holds events word for word. Decoding is the domain's door:
 * what doesn't pass it is a dead letter by itself.
 */
export const heardCodec: PayloadCodec<Heard> = {
  encode: (_type, { text }) => text,
  decode: (text, place) => ({ text, event: readEvent(place, JSON.parse(text)) }),
};

export function heardOf({ payload, traceparent }: StreamEvent<Heard>): HeardEvent {
  if (payload.event === undefined) throw new Error('an event was to be applied that was never read');
  return { event: payload.event, payload: payload.text, traceparent: traceparent ?? undefined };
}
