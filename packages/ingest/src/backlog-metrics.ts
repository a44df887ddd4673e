import type { Database } from '@trunkline/database';
import { defineMetrics, type Metrics } from '@trunkline/service-kit';

export interface BacklogOptions {
  readonly metrics: Metrics;
  readonly database: Database;
  /** Whose dead letters to count. */
  readonly groups: readonly string[];
}

/** Beyond this it no longer matters how many there are, and counting would cost the database that is in trouble. */
const countMax = 100_000;

export const backlogCatalogue = defineMetrics({
  letters: {
    kind: 'gauge',
    name: 'trunkline_dead_letters',
    help: `Events set aside that wait for a person, counted up to ${countMax}.`,
    labels: { group: 'the consumer groups' },
  },
  oldestLetter: {
    kind: 'gauge',
    name: 'trunkline_dead_letters_oldest_age_seconds',
    help: 'How long the oldest event that was set aside has waited for a person; 0 where none waits.',
    labels: { group: 'the consumer groups' },
  },
  messages: {
    kind: 'gauge',
    name: 'trunkline_outbox_messages',
    help: `Messages committed and not yet relayed, counted up to ${countMax}.`,
  },
  oldestMessage: {
    kind: 'gauge',
    name: 'trunkline_outbox_oldest_age_seconds',
    help: 'Age of the oldest message in the outbox.',
  },
});

/** What lies about and should not: events that nobody could apply, and messages that nobody has relayed yet. */
export function measureBacklog({ metrics, database, groups }: BacklogOptions): void {
  const { oldestLetter, oldestMessage } = metrics.make(backlogCatalogue, {
    letters: async (gauge) => {
      for (const { group, letters, age } of await lookAtDeadLetters(database, groups)) {
        gauge.set({ group }, letters);
        oldestLetter.set({ group }, age);
      }
    },
    messages: async (gauge) => {
      const { messages, age } = await lookAtOutbox(database);
      gauge.set(messages);
      oldestMessage.set(age);
    },
  });
}

const lookAtDeadLetters = (database: Database, groups: readonly string[]) =>
  database.run((transaction) =>
    transaction.query<{ group: string; letters: number; age: number }>(
      `select wanted.name as group, count(parked.id)::integer as letters,
         coalesce(extract(epoch from clock_timestamp() - min(parked.failed_at)), 0)::float8 as age
       from unnest($1::text[]) as wanted (name)
       left join lateral (
         select id, failed_at from dead_letter where group_name = wanted.name and state = 'parked'
         order by failed_at limit ${countMax}
       ) parked on true
       group by wanted.name`,
      [groups],
    ),
  );

async function lookAtOutbox(database: Database): Promise<{ messages: number; age: number }> {
  const [row] = await database.run((transaction) =>
    transaction.query<{ messages: number; age: number }>(
      `select count(*)::integer as messages,
         coalesce(extract(epoch from clock_timestamp() - min(created_at)), 0)::float8 as age
       from (select created_at from outbox order by id limit ${countMax}) as left_over`,
    ),
  );
  return row ?? { messages: 0, age: 0 };
}
