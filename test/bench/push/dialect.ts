import { WebSocket } from 'ws';

export type DialectName = 'ours' | 'plain' | 'socketio';

/** One client, with what it must remember to go on where it stood. */
export interface Client {
  socket: WebSocket;
  readonly token: string;
  readonly topic: string;
  readonly memory: Map<string, string>;
}

/** How a client of one kind of server connects, and what it makes of a text. */
export interface Dialect {
  connect(port: number, client: Pick<Client, 'token'>): WebSocket;
  /** Answers what has to be answered, and returns true once the client is let in and listens. */
  hear(client: Client, text: string): boolean;
}

const options = { perMessageDeflate: false, handshakeTimeout: 60_000 } as const;

const ours: Dialect = {
  connect: (port, { token }) =>
    new WebSocket(`ws://127.0.0.1:${port}/ws`, ['trunkline.v1', `bearer.${token}`], options),
  hear(client, text) {
    const { memory, topic, socket } = client;
    if (text.startsWith('{"type":"connected"')) {
      const known = memory.has('offset');
      const place = { topic, ...(known && { epoch: memory.get('epoch'), offset: memory.get('offset') }) };
      socket.send(JSON.stringify({ type: known ? 'resume' : 'subscribe', topics: [place] }));
    }
    if (text.startsWith('{"type":"ping"')) socket.send(text.replace('"ping"', '"pong"'));
    remember(memory, text, 'epoch');
    remember(memory, text, 'offset');
    return (
      text.startsWith('{"type":"replayed"') ||
      (text.startsWith('{"type":"snapshot"') && text.includes('"last":true'))
    );
  },
};

function remember(memory: Map<string, string>, text: string, name: string): void {
  const value = new RegExp(`"${name}":"([^"]+)"`).exec(text)?.[1];
  if (value !== undefined) memory.set(name, value);
}

const plain: Dialect = {
  connect(port, { token }) {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`, ['plain', `bearer.${token}`], options);
    socket.once('open', () => socket.send('{"type":"ping"}'));
    return socket;
  },
  hear: (_client, text) => text === '{"type":"pong"}',
};

/** Engine.IO's and Socket.IO's words by hand, since their client would cost more than the server that is measured. */
const socketio: Dialect = {
  connect: (port) => new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`, options),
  hear({ socket, token, topic, memory }, text) {
    if (text.startsWith('0'))
      socket.send(`40${JSON.stringify({ token, topic, ...Object.fromEntries(memory) })}`);
    if (text === '2') socket.send('3');
    if (text.startsWith('40')) remember(memory, text, 'pid');
    // With recovery each event ends with its offset.
    const offset = text.startsWith('42') ? /,"([\d-]+)"\]$/.exec(text)?.[1] : undefined;
    if (offset !== undefined) memory.set('offset', offset);
    return text.startsWith('40');
  },
};

export const dialects: Readonly<Record<DialectName, Dialect>> = { ours, plain, socketio };
