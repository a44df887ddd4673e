/** One message of a feed, as it lies in the stream and as it is published. */
export interface FeedEntry {
  /** Where it lies: the id of the stream's entry. */
  readonly offset: string;
  /** Of the message in the outbox. */
  readonly id: string;
  /** JSON: an object of arrays, one for each type of message. */
  readonly payload: string;
  readonly traceparent: string | null;
}

/** A live message says besides to which feed it belongs, and which one came before it. */
export interface LiveEntry extends FeedEntry {
  readonly epoch: string;
  /** Whoever has not heard that one has missed something. `0-0` for the first. */
  readonly previous: string;
}

/** An entry of the stream, as XRANGE gives it; null where somebody else wrote it. */
export function readFeedEntry([offset, fields]: readonly [string, readonly string[]]): FeedEntry | null {
  const values = new Map<string, string>();
  for (let index = 0; index + 1 < fields.length; index += 2) {
    values.set(fields[index] ?? '', fields[index + 1] ?? '');
  }
  const id = values.get('id');
  const payload = values.get('payload');
  if (id === undefined || payload === undefined) return null;
  return { offset, id, payload, traceparent: values.get('trace') ?? null };
}

const headLine = /^(\w+) (\d+-\d+) (\d+-\d+) (\d+) (\S+)$/;

/** What was published: one line that places it, and the payload as it is. Null where somebody else published it. */
export function readLiveEntry(text: string): LiveEntry | null {
  const end = text.indexOf('\n');
  const [, epoch, offset, previous, id, trace] = headLine.exec(text.slice(0, end)) ?? [];
  if (end < 0 || epoch === undefined || offset === undefined) return null;
  if (previous === undefined || id === undefined) return null;
  const traceparent = trace === undefined || trace === '-' ? null : trace;
  return { epoch, offset, previous, id, traceparent, payload: text.slice(end + 1) };
}
