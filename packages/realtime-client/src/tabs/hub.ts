/* oxlint-disable unicorn/prefer-add-event-listener -- one handler each, so that letting go of it is one assignment */
import type { Connected, Up } from '@trunkline/realtime-protocol';
import { readMessage } from '../connection/read-message.ts';
import type { SocketConstructor, SocketLike } from '../environment/environment.ts';
import type { FromHub, ToHub } from './tab-message.ts';

interface Upstream {
  readonly name: string;
  readonly socket: SocketLike;
  /** The virtual sockets that hang on it, each with the topics it wants. */
  readonly sockets: Map<string, Set<string>>;
  /** `hello`, and since when it is known who is there, for whoever comes later. */
  hello: string;
  identity: Connected | null;
  connectedAt: number;
  /** What it said when it became delayed, while it is. */
  delayed: string | null;
  /** The server wants us elsewhere: whoever opens a socket now gets the next one. */
  moving: boolean;
}

/** Divides the name of a virtual socket from the id that it gave. */
const divider = '/';

/**
 * The real socket of all tabs, held by one of them. What the server says goes to every tab; what tabs say goes to the
 * server, with their ids made unlike, and `unsubscribe` only when no tab wants the topic any more. Tabs keep their own
 * positions, so that nothing of this must outlive the tab.
 */
export function createHub(
  WebSocket: SocketConstructor,
  url: string,
  tell: (message: FromHub) => void,
  now: () => number,
) {
  const upstreams = new Map<string, Upstream>();
  const prefix = Math.random().toString(36).slice(2);
  let count = 0;

  function hear(message: ToHub): void {
    if (message.kind === 'open') return open(message.socket, message.protocols);
    const upstream = [...upstreams.values()].find(({ sockets }) => sockets.has(message.socket));
    if (upstream === undefined) return;
    if (message.kind === 'close') detach(upstream, message.socket);
    else forward(upstream, message.socket, message.text);
  }

  function open(socket: string, protocols: string[]): void {
    const known = [...upstreams.values()].find(({ moving }) => !moving);
    const name = known?.name ?? `${prefix}-${(count += 1)}`;
    tell({ to: 'tabs', kind: 'opened', socket, upstream: name });
    if (known !== undefined) {
      known.sockets.set(socket, new Set());
      greet(known, socket);
      return;
    }
    try {
      connect(name, protocols).sockets.set(socket, new Set());
    } catch (error) {
      tell({ to: 'tabs', kind: 'closed', upstream: name, code: 0, reason: String(error) });
    }
  }

  function connect(name: string, protocols: string[]): Upstream {
    const socket = new WebSocket(url, protocols);
    const made: Upstream = {
      name,
      socket,
      sockets: new Map(),
      hello: '',
      identity: null,
      connectedAt: 0,
      delayed: null,
      moving: false,
    };
    upstreams.set(name, made);
    socket.onmessage = ({ data }: { readonly data: unknown }) => relay(made, String(data));
    socket.onclose = ({ code, reason }: { readonly code: number; readonly reason: string }) => {
      drop(made, code, reason);
    };
    // A close follows; and some sockets throw an error that nobody listens to.
    socket.onerror = () => undefined;
    return made;
  }

  function relay(upstream: Upstream, text: string): void {
    const { name, sockets } = upstream;
    const message = readMessage(text);
    // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- all else goes to the tabs as it is
    switch (message?.type) {
      case 'hello':
        upstream.hello = text;
        return;
      case 'connected':
        upstream.identity = message;
        upstream.connectedAt = now();
        for (const socket of sockets.keys()) greet(upstream, socket);
        return;
      case 'renewed':
        if (upstream.identity) upstream.identity = { ...upstream.identity, ...message, type: 'connected' };
        upstream.connectedAt = now();
        break;
      case 'moving':
        upstream.moving = true;
        break;
      case 'delayed':
      case 'fresh':
        if (!message.topics) upstream.delayed = message.type === 'delayed' ? text : null;
        break;
      case 'pong':
      case 'result': {
        const [socket = '', id] = String(message.id).split(divider);
        return tell({
          to: 'tabs',
          kind: 'text',
          socket,
          upstream: name,
          text: JSON.stringify({ ...message, id }),
        });
      }
      case 'ping':
        // Answered once for all tabs; they get it because it carries a position.
        sendUp(upstream, message.id === undefined ? { type: 'pong' } : { type: 'pong', id: message.id });
        break;
      default:
    }
    tell({ to: 'tabs', kind: 'text', upstream: name, text });
  }

  /** A tab that comes later hears what the first one heard, with the time that has passed taken off. */
  function greet({ name, hello, identity, connectedAt, delayed }: Upstream, socket: string): void {
    if (identity === null) return;
    const expiresInMs = Math.max(0, identity.expiresInMs - (now() - connectedAt));
    for (const text of [hello, JSON.stringify({ ...identity, expiresInMs }), delayed]) {
      if (text !== null) tell({ to: 'tabs', kind: 'text', socket, upstream: name, text });
    }
  }

  function forward(upstream: Upstream, socket: string, text: string): void {
    const message = JSON.parse(text) as Up;
    const topics = upstream.sockets.get(socket) ?? new Set<string>();
    // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- all else goes up as it is
    switch (message.type) {
      case 'pong':
        return;
      case 'subscribe':
      case 'resume':
        for (const { topic } of message.topics) topics.add(topic);
        break;
      case 'unsubscribe':
        for (const topic of message.topics) topics.delete(topic);
        return unsubscribe(upstream, message.topics);
      case 'ping':
      case 'command':
        return sendUp(upstream, { ...message, id: `${socket}${divider}${message.id}` });
      default:
    }
    sendUp(upstream, message);
  }

  function unsubscribe(upstream: Upstream, topics: readonly string[]): void {
    const wanted = [...upstream.sockets.values()];
    const unwanted = topics.filter((topic) => !wanted.some((one) => one.has(topic)));
    if (unwanted.length > 0) sendUp(upstream, { type: 'unsubscribe', topics: unwanted });
  }

  function detach(upstream: Upstream, socket: string): void {
    const topics = upstream.sockets.get(socket) ?? new Set();
    upstream.sockets.delete(socket);
    if (upstream.sockets.size > 0) return unsubscribe(upstream, [...topics]);
    upstreams.delete(upstream.name);
    letGoOf(upstream.socket);
  }

  function drop(upstream: Upstream, code: number, reason: string): void {
    if (!upstreams.delete(upstream.name)) return;
    letGoOf(upstream.socket);
    tell({ to: 'tabs', kind: 'closed', upstream: upstream.name, code, reason });
  }

  function sendUp({ socket }: Upstream, message: Up): void {
    if (socket.readyState === 1) socket.send(JSON.stringify(message));
  }

  return {
    hear,
    /** Somebody else leads now. */
    stop(): void {
      for (const upstream of upstreams.values()) drop(upstream, 1012, 'another tab holds the connection');
    },
    sockets: (): number => upstreams.size,
  };
}

function letGoOf(socket: SocketLike): void {
  socket.onmessage = null;
  socket.onclose = null;
  socket.close(1000);
}
