import { applyEvents, type Database, type OutboxMessage } from '@trunkline/database';
import { preparedDatabase, said } from '@trunkline/database/testing';
import type { Liveness } from '@trunkline/domain';
import { pbxIds } from '@trunkline/domain/testing';
import { createLogger } from '@trunkline/service-kit';
import type { SweepBounds, SweepContext } from '../sweep-context.ts';
import type { SweptCall } from '../sweep-report.ts';

/** A database of its own with two tenants and three PBXs, and a script that answers for the PBXs. */
export interface SweepLab extends AsyncDisposable {
  readonly database: Database;
  readonly context: SweepContext;
  readonly relayed: OutboxMessage[];
  readonly heard: SweptCall[];
  /** What was asked, in order. */
  readonly asked: string[];
  /** What the script answers about a call; `unknown` unless said. An error is thrown. */
  readonly answers: Map<string, Liveness | Error>;
  /** Calls that were connected long ago. */
  addStuck(
    keys: readonly string[],
    options?: { readonly pbx?: string; readonly extensions?: readonly string[] },
  ): Promise<void>;
  say(key: string, type: string, more?: Record<string, unknown>, pbx?: string): Promise<void>;
  rows(statement: string): Promise<Record<string, unknown>[]>;
  /** How each call is shown, by its key. */
  calls(): Promise<Record<string, string>>;
}

export async function createSweepLab(bounds: Partial<SweepBounds> = {}): Promise<SweepLab> {
  const database = await preparedDatabase();
  const relayed: OutboxMessage[] = [];
  const heard: SweptCall[] = [];
  const asked: string[] = [];
  const answers = new Map<string, Liveness | Error>();
  let seq = 0;

  const context: SweepContext = {
    database,
    ask: async (_pbx, call) => {
      asked.push(call);
      const answer = answers.get(call) ?? 'unknown';
      if (answer instanceof Error) throw answer;
      return answer;
    },
    relay: async (messages) => void relayed.push(...messages),
    logger: createLogger({ name: 'test', level: 'silent', redactPhoneNumbers: false }),
    onCall: (swept) => heard.push(swept),
    bounds,
  };
  const say: SweepLab['say'] = async (call, type, more = {}, pbx = pbxIds[0]) => {
    seq += 1;
    const heardEvent = said(seq, type, { call, ...more }, { pbx });
    await database.run((transaction) => applyEvents(transaction, [heardEvent]));
  };
  const rows = (statement: string) =>
    database.run((transaction) => transaction.query<Record<string, unknown>>(statement));

  return {
    database,
    context,
    relayed,
    heard,
    asked,
    answers,
    say,
    rows,
    async addStuck(keys, { pbx = pbxIds[0], extensions = [] } = {}) {
      const heardEvents = keys.map((call) => {
        seq += 1;
        return said(seq, 'call.connected', { call, extensions }, { pbx });
      });
      await database.run((transaction) => applyEvents(transaction, heardEvents));
    },
    async calls() {
      const shown = await rows(`select call_key, status, hangup_cause from call order by pbx_id, call_key`);
      return Object.fromEntries(
        shown.map((row) => [row['call_key'], row['hangup_cause'] ?? row['status']]),
      ) as Record<string, string>;
    },
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}
