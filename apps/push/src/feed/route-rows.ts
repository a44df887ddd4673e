import { dataTypes, isDataType, type DataType } from '@trunkline/realtime-protocol';
import type { Row } from '../frames/mask-row.ts';
import { ToldRow } from './told-row.ts';

/** The rows of one message, by the topics in which they are told. */
export interface RoutedRows {
  readonly byTopic: ReadonlyMap<string, readonly ToldRow[]>;
  /** Rows for whoever follows the calls of any phone. */
  readonly forEveryPhone: readonly ToldRow[];
  readonly rows: number;
}

/** Reads a message of the feed and says in which topics its rows are told. What nobody here knows is left out. */
export function routeRows(payload: string): RoutedRows {
  const byTopic = new Map<string, ToldRow[]>();
  const forEveryPhone: ToldRow[] = [];
  let count = 0;
  const tell = (topic: string, row: ToldRow): void => {
    const rows = byTopic.get(topic);
    if (rows === undefined) byTopic.set(topic, [row]);
    else rows.push(row);
  };

  for (const [type, rows] of Object.entries(JSON.parse(payload) as Record<string, unknown>)) {
    if (!isDataType(type) || !Array.isArray(rows)) continue;
    for (const row of rows as Row[]) {
      const told = new ToldRow(type, row);
      count += 1;
      const topic = topicOf(type, row);
      if (topic !== null) tell(topic, told);
      if (topic !== 'calls') continue;
      const concerned = concernedBy(row);
      if (concerned === 'everyone') forEveryPhone.push(told);
      else for (const phone of concerned) tell(`calls:${phone}`, told);
    }
  }
  return { byTopic, forEveryPhone, rows: count };
}

/** Null for a row that does not say to whom it belongs: better nobody hears of it than the wrong one. */
function topicOf(type: DataType, row: Row): string | null {
  const rule = dataTypes[type];
  if (!('topicKey' in rule)) return rule.topic;
  const key = row[rule.topicKey];
  return typeof key === 'string' && key !== '' ? `${rule.topic}:${key}` : null;
}

/**
 * Whoever follows any phone that ever took part: whoever watched the call there must hear that it went elsewhere or ended. Where
 * nobody can say which those are, nobody is left out.
 */
function concernedBy({ phones }: Row): 'everyone' | readonly string[] {
  return Array.isArray(phones) ? (phones as string[]) : 'everyone';
}
