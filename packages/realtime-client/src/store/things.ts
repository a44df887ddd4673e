import {
  dataTypes,
  type CallRow,
  type CleanupRunRow,
  type DataType,
  type DataTypeRule,
  type ExtensionRow,
  type ImportRow,
  type LinkRow,
  type PbxConnectedRow,
  type PbxDisconnectedRow,
  type RecordingRow,
} from '@trunkline/realtime-protocol';

/** The rows that the store keeps, by what they are about. */
export interface Things {
  readonly call: CallRow;
  readonly extension: ExtensionRow;
  readonly recording: RecordingRow;
  readonly link: LinkRow;
  readonly connection: PbxConnectedRow | PbxDisconnectedRow;
  readonly cleanup: CleanupRunRow;
  readonly import: ImportRow;
}

export type Thing = keyof Things;
export type Row = Things[Thing];

/** Things of which there are ever more; the oldest leave. Of the others there are as many as the PBXs have. */
export const rowsMax: Readonly<Partial<Record<Thing, number>>> = {
  recording: 500,
  cleanup: 200,
  import: 100,
};

export interface ThingRule {
  readonly name: Thing;
  readonly key: readonly string[];
  readonly order: 'revision' | 'version';
}

/** What rows of this type are about; undefined for what merely happens. */
export const thingOf = (type: DataType): ThingRule | undefined =>
  (dataTypes[type] as DataTypeRule).thing as ThingRule;

/** Names one row among all of its kind: `<pbx>/<call>`, `<pbx>/<extension>`, `<pbx>`. */
export const keyOf = (rule: ThingRule, row: object): string =>
  rule.key.map((field) => String((row as Record<string, unknown>)[field])).join('/');

interface Ordered {
  readonly revision?: number;
  readonly version?: string;
  readonly cleanup?: object | null;
}

/** Whether a row tells more than what is known of the same thing. */
export function isNewer(order: ThingRule['order'], one: object, other: object): boolean {
  const row: Ordered = one;
  const known: Ordered = other;
  if (order === 'revision') return (row.revision ?? 0) > (known.revision ?? 0);
  const [version, before] = [BigInt(row.version ?? 0), BigInt(known.version ?? 0)];
  // A loss is told once when it happens and once more when it has been cleaned up after.
  return version > before || (version === before && Boolean(row.cleanup) && !known.cleanup);
}
