import type {
  CallRow,
  CleanupRunRow,
  ExtensionRow,
  ImportRow,
  LinkRow,
  PbxConnectedRow,
  PbxDisconnectedRow,
  RecordingRow,
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

const rule = (name: Thing, key: string[], order: ThingRule['order'] = 'revision'): ThingRule => ({
  name,
  key,
  order,
});
const call = rule('call', ['pbx', 'call']);
const recording = rule('recording', ['pbx', 'recording']);
const connection = rule('connection', ['pbx'], 'version');
const importOf = rule('import', ['import']);

/**
 * What rows of a type are about, as `dataTypes` of the protocol has it; what merely happens is not here. Written out because
 * this goes into every page, and a test holds the two equal.
 */
export const things: Readonly<Record<string, ThingRule>> = {
  new_call: call,
  call_update: call,
  extension_update: rule('extension', ['pbx', 'extension']),
  new_recording: recording,
  recording_update: recording,
  link_update: rule('link', ['pbx']),
  'pbx-connected': connection,
  'pbx-disconnected': connection,
  cleanup_run: rule('cleanup', ['id']),
  import_progress: importOf,
  import_complete: importOf,
  import_error: importOf,
};

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
