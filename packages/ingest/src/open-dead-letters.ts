import { applyEvents, type Database, type OutboxMessage, type Transaction } from '@trunkline/database';
import { createDeadLetters, type DeadLetters } from '@trunkline/event-stream';
import { heardCodec, heardOf, type Heard } from './codec.ts';

export interface DeadLettersOptions {
  readonly group: string;
  readonly database: Database;
  /** Takes what a replay committed to the screens. */
  readonly relay: (messages: readonly OutboxMessage[]) => Promise<void>;
}

/** The letters of one group, with what its consumer would have done with them. */
export function openDeadLetters({ group, database, relay }: DeadLettersOptions): DeadLetters {
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
      return () => relay(messages);
    },
  });
}
