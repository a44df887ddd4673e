/** What of an endpoint decides what it is told. */
export interface Wishes {
  readonly id: string;
  /** Null for all. */
  readonly types: readonly string[] | null;
  readonly pbxs: readonly string[] | null;
}

export interface DraftDelivery {
  readonly endpoint: string;
  readonly type: string;
  readonly body: string;
}

export interface CommittedMessage {
  /** An object of arrays, one for each type of message, as screens get it. */
  readonly payload: string;
  readonly createdAt: Date;
}

/** One delivery for each row of a message and each endpoint that wants it, in the order of the message. */
export function deliveriesOf(
  { payload, createdAt }: CommittedMessage,
  endpoints: readonly Wishes[],
  known: ReadonlySet<string>,
): DraftDelivery[] {
  const changes = Object.entries(JSON.parse(payload) as Record<string, readonly Row[]>);
  return changes
    .filter(([type]) => known.has(type))
    .flatMap(([type, rows]) => {
      const asking = endpoints.filter(({ types }) => types === null || types.includes(type));
      return asking.length === 0 ? [] : rows.flatMap((row) => deliveriesOfRow(type, row, createdAt, asking));
    });
}

type Row = Readonly<Record<string, unknown>>;

function deliveriesOfRow(
  type: string,
  row: Row,
  createdAt: Date,
  asking: readonly Wishes[],
): DraftDelivery[] {
  const wanted = asking.filter(({ pbxs }) => pbxs === null || concerns(row, pbxs));
  if (wanted.length === 0) return [];
  const body = bodyOf(type, createdAt, row);
  return wanted.map(({ id }) => ({ endpoint: id, type, body }));
}

/** What names no PBX, such as a sweep over all of them, concerns every one. */
const concerns = ({ pbx }: Row, pbxs: readonly string[]): boolean =>
  typeof pbx !== 'string' || pbxs.includes(pbx);

export const bodyOf = (type: string, at: Date, data: unknown): string =>
  JSON.stringify({ type, timestamp: at.toISOString(), data });
