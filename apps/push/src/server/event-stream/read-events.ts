import { isDataType, type Down, type Position } from '@trunkline/realtime-protocol';
import { framesIn } from '../../frames/frames-in.ts';

/** How a message moves the place at which its reader stands. */
export type Move =
  /** A snapshot of this place follows; the topic stands there when its last part has come. */
  | { readonly how: 'begins'; readonly topic: string; readonly position: Position }
  | { readonly how: 'completes'; readonly topic: string }
  | { readonly how: 'replayed'; readonly topic: string; readonly position: Position }
  | { readonly how: 'reaches'; readonly topic: string; readonly offset: string }
  | { readonly how: 'all stand'; readonly position: Position };

/** One message as an event, but for its id, which differs between streams. */
export interface StreamEvent {
  readonly type: Down['type'];
  readonly lines: string;
  readonly move: Move | null;
  /** The problem that it tells, if it tells one. */
  readonly problem: Extract<Down, { type: 'error' }> | null;
  /** A topic has ended by itself. */
  readonly endsTopic: boolean;
}

/** Frames are built once for all who read them, so they are read once too. */
const known = new WeakMap<Buffer, readonly StreamEvent[]>();

/** The events of one or several whole frames. */
export function readEvents(bytes: Buffer): readonly StreamEvent[] {
  let events = known.get(bytes);
  if (events === undefined) {
    events = [...framesIn(bytes)].map(eventOf);
    known.set(bytes, events);
  }
  return events;
}

function eventOf(text: string): StreamEvent {
  const message = JSON.parse(text) as Down;
  const { type } = message;
  const problem = message.type === 'error' ? message : null;
  // JSON without indentation has no line breaks in it.
  const retry = problem?.retryAfterMs === undefined ? '' : `retry: ${problem.retryAfterMs}\n`;
  return {
    type,
    lines: `${retry}event: ${type}\ndata: ${text}\n`,
    move: moveOf(message),
    problem,
    endsTopic: problem?.topic !== undefined || (message.type === 'reset' && message.resumable),
  };
}

/** [POS2] */
function moveOf(message: Down): Move | null {
  if (message.type === 'reset') {
    if (message.resumable) return null;
    return { how: 'begins', topic: message.topic, position: positionOf(message) };
  }
  if (message.type === 'snapshot') return message.last ? { how: 'completes', topic: message.topic } : null;
  if (message.type === 'replayed') {
    return { how: 'replayed', topic: message.topic, position: positionOf(message) };
  }
  if (message.type === 'ping') {
    const { epoch, offset } = message;
    return epoch === undefined || offset === undefined
      ? null
      : { how: 'all stand', position: { epoch, offset } };
  }
  if (!isData(message) || message.more === true) return null;
  return { how: 'reaches', topic: message.topic, offset: message.offset };
}

const positionOf = ({ epoch, offset }: Position): Position => ({ epoch, offset });

type DataMessage = Extract<Down, { readonly rows: readonly unknown[] }>;

const isData = (message: Down): message is DataMessage => isDataType(message.type);
