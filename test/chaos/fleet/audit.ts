import type { Database } from '@trunkline/database';
import { epochOf, readEvent, sequenceOf, type LifecycleEvent, type Version } from '@trunkline/domain';

/** What the audit trail holds of one PBX. */
export interface Trail {
  /** What was applied, in the order of its versions. */
  readonly events: readonly LifecycleEvent[];
  /** Versions that are there more than once. */
  readonly repeated: readonly string[];
  /** Calls that sweeps and looks at double bookings have ended. */
  readonly ended: readonly { readonly call: string; readonly at: number; readonly liveness: string | null }[];
}

interface Row {
  readonly pbx: string;
  readonly version: string;
  readonly type: string;
  readonly payload: string;
}

/** Sweeps write under the version that they observed, so only what a PBX said has a version of its own. */
const bySweeps = 'sweep.';

export async function readTrails(database: Database): Promise<ReadonlyMap<string, Trail>> {
  const rows = await database.run((transaction) =>
    transaction.query<Row>('select pbx_id as pbx, version, type, payload from call_event order by version'),
  );
  return new Map(
    [...Map.groupBy(rows, ({ pbx }) => pbx)].map(([pbx, ofPbx]) => [pbx, trailOf(ofPbx)] as const),
  );
}

function trailOf(rows: readonly Row[]): Trail {
  const said = rows.filter(({ type }) => !type.startsWith(bySweeps));
  const ended = rows.filter(({ type }) => type === `${bySweeps}ended`);
  return {
    events: said.map(eventOf),
    repeated: said.flatMap(({ version }, index) => (said[index - 1]?.version === version ? [version] : [])),
    ended: ended.map(({ payload }) => JSON.parse(payload) as Trail['ended'][number]),
  };
}

function eventOf({ pbx: source, version, type, payload }: Row): LifecycleEvent {
  const at = BigInt(version) as Version;
  const place = { source, epoch: epochOf(at), seq: sequenceOf(at), type };
  return readEvent(place, JSON.parse(payload));
}
