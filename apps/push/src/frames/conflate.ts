import { dataTypes, type DataType, type DataTypeRule } from '@trunkline/realtime-protocol';
import { ToldRow } from '../feed/told-row.ts';

/**
 * [DATA3] Of all rows about one thing the newest. A thing whose first row is among them comes under the type of that one, so
 * that whoever is told late still hears that it is new.
 */
export function conflate(rows: Iterable<ToldRow>): ToldRow[] {
  const newest = new Map<string, ToldRow>();
  for (const row of rows) {
    const name = thingOf(row);
    const known = newest.get(name);
    if (known === undefined) newest.set(name, row);
    else if (!isOlder(row, known)) newest.set(name, new ToldRow(typeOf(known, row), row.row));
  }
  return [...newest.values()];
}

const ruleOf = (type: DataType): DataTypeRule => dataTypes[type];

function thingOf({ type, row }: ToldRow): string {
  const { thing } = ruleOf(type);
  if (thing === undefined) throw new TypeError(`rows of type ${type} are events and can't be conflated`);
  return JSON.stringify([thing.name, ...thing.key.map((field) => row[field])]);
}

/** [TOPIC2] Of equals the later one: a link that was lost is told again with its cleanup. */
function isOlder(row: ToldRow, known: ToldRow): boolean {
  const order = ruleOf(row.type).thing?.order ?? 'revision';
  const [mine, theirs] = [row.row[order], known.row[order]];
  if (order === 'version') return BigInt(String(mine)) < BigInt(String(theirs));
  return Number(mine) < Number(theirs);
}

/** Types that tell of something new have one that tells of its changes. */
const isNews = (type: DataType): boolean => type === 'new_call' || type === 'new_recording';

const typeOf = (known: ToldRow, row: ToldRow): DataType => (isNews(known.type) ? known.type : row.type);
