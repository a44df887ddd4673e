import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { AccessError, bearerToken, type Principal } from '@trunkline/access';
import { limits, parseTopic } from '@trunkline/realtime-protocol';
import { mayHear } from '../../session/may-hear.ts';
import { Session } from '../../session/session.ts';
import type { DoorHost, StreamDoor } from '../door.ts';
import { answerProblem, type StreamProblem } from './answer-problem.ts';
import { readEventId } from './event-id.ts';
import { EventStreamTransport } from './event-stream-transport.ts';
import { readTopics } from './read-topics.ts';
import { StreamPositions } from './stream-positions.ts';

interface Wanted {
  readonly topics: readonly string[];
  readonly positions: StreamPositions;
  readonly token: string;
}

/** Lets event streams in. Since their clients have no way up, the door says for them what they want. */
export function createEventStreamDoor(host: DoorHost): StreamDoor {
  /** Whoever sends a second request behind a stream that never ends would wait for ever. */
  const taken = new WeakSet<Socket>();
  const topicsMax = Math.min(host.tuning.topicsMax, limits.topicsAtOnceMax);

  function refuse(response: ServerResponse, address: string, problem: StreamProblem): void {
    host.leftEarly(address);
    host.sessions.metrics.closed.inc({ why: problem.kind });
    answerProblem(response, problem);
  }

  function enter(request: IncomingMessage, response: ServerResponse, address: string, wanted: Wanted): void {
    const { positions } = wanted;
    const transport = new EventStreamTransport({
      response,
      socket: request.socket,
      address,
      positions,
      onConnected: () => begin(session, transport, wanted),
      onTopicOver: () => queueMicrotask(() => leave(session, transport)),
    });
    const session: Session = new Session(host.sessions, transport);
    const onGone = (): void => {
      session.onClosed();
      host.left(session);
    };
    response.on('drain', () => session.onDrain());
    response.on('error', (error) => host.onBroken(error));
    response.on('close', onGone);
    // A response that still waits for its turn does not hear that its socket has closed.
    request.socket.once('close', onGone);
    host.entered(session);
    if (host.isFull()) {
      session.end('overloaded', 'this server has as many clients as it can serve', host.fullRetryMs);
    } else session.begin(wanted.token);
  }

  /** [SSE4] What a topic's end by itself means for a client of a socket is for this one the end of the stream. */
  function leave(session: Session, transport: EventStreamTransport): void {
    if (session.isEnded) return;
    host.sessions.metrics.closed.inc({ why: 'topic_over' });
    session.onClosed();
    transport.close();
  }

  return {
    open(request: IncomingMessage, response: ServerResponse, address: string) {
      if (taken.has(request.socket)) {
        host.leftEarly(address);
        request.socket.destroy();
        return;
      }
      const token = tokenOf(request);
      if (typeof token !== 'string') return refuse(response, address, token);
      const read = readTopics(request.url ?? '', topicsMax);
      if (!read.ok) return refuse(response, address, { kind: read.kind, message: read.problem });
      const { topics } = read;
      const positions = new StreamPositions(topics, readEventId(lastIdOf(request)));
      taken.add(request.socket);
      return enter(request, response, address, { topics, positions, token });
    },
  };
}

function begin(session: Session, transport: EventStreamTransport, { topics, positions }: Wanted): void {
  const { principal } = session;
  if (principal === null) return;
  const forbidden = topics.filter((topic) => !allows(principal, topic));
  if (forbidden.length > 0) {
    // The message is logged too, where keys have no business: they are phone numbers and names.
    const kinds = new Set(forbidden.map((topic) => parseTopic(topic)?.kind));
    session.end('not_allowed', `the token does not allow each of the topics "${[...kinds].join('", "')}"`);
    return;
  }
  transport.open();
  const wishes = topics.map((topic) => ({ topic, ...positions.of(topic) }));
  session.hear(JSON.stringify({ type: 'subscribe', topics: wishes }));
}

function allows(principal: Principal, text: string): boolean {
  const topic = parseTopic(text);
  return topic !== null && mayHear(principal, topic);
}

function tokenOf({ headers }: IncomingMessage): string | StreamProblem {
  try {
    return bearerToken(headers.authorization);
  } catch (error) {
    if (!(error instanceof AccessError)) throw error;
    return { kind: error.kind === 'missing' ? 'auth_required' : 'auth_failed', message: error.message };
  }
}

function lastIdOf({ headers }: IncomingMessage): string {
  const id = headers['last-event-id'];
  return typeof id === 'string' ? id : '';
}
