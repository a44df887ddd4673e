import { applyEvents, type HeardEvent, type Transaction } from '@trunkline/database';
import { createDeadLetters, type DeadLetters, type StreamEvent } from '@trunkline/event-stream';
import { heardCodec, type Heard } from '@trunkline/ingest';
import type { Bench } from '../bench.ts';

/** The letters of one group, with what its consumer would have done with them. */
export async function openLetters(bench: Bench, group: string): Promise<DeadLetters> {
  const database = await bench.database();
  return createDeadLetters<Heard, Transaction>({
    group,
    transactions: database,
    codec: heardCodec,
    apply: async ({ events, refuse }, transaction) => {
      const heard = events.map(heardOf);
      const { messages, strangers } = await applyEvents(transaction, heard);
      for (const stranger of strangers) {
        const event = events[heard.indexOf(stranger)];
        if (event !== undefined) refuse(event, `no PBX ${event.source} is known here`);
      }
      return () => bench.relay(messages);
    },
  });
}

function heardOf({ payload, traceparent }: StreamEvent<Heard>): HeardEvent {
  if (payload.event === undefined) throw new Error('the event was not read');
  return { event: payload.event, payload: payload.text, traceparent: traceparent ?? undefined };
}
