import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { describe, docs } from './ari-description.ts';
import { serveFrames, type FrameServer } from './frame-server.ts';

/** A PBX without channels, bridges and endpoints, whose socket says what was recorded when it is told to. */
export async function serveAri(frames: readonly Buffer[]): Promise<FrameServer> {
  let listener: Socket | null = null;
  const types = new Set(frames.map((frame) => (JSON.parse(frame.toString('utf8')) as { type: string }).type));
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://pbx');
    const { host = '' } = request.headers;
    const description = pathname.startsWith(docs) ? describe(pathname.slice(docs.length), host, types) : null;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(description ?? answers.get(pathname) ?? {}));
  });
  server.on('upgrade', (request, socket) => {
    listener = socket as Socket;
    accept(request, listener);
  });
  return await serveFrames(server, () => listener, Buffer.concat(frames.flatMap(onWire)));
}

const everything = {
  channel_ids: ['__AST_CHANNEL_ALL_TOPIC'],
  bridge_ids: ['__AST_BRIDGE_ALL_TOPIC'],
  endpoint_ids: ['__AST_ENDPOINT_ALL_TOPIC'],
  device_names: ['__AST_DEVICE_STATE_ALL_TOPIC'],
};

const answers: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['/ari/asterisk/info', { system: { version: '22.10.1', entity_id: 'bench' }, status: {} }],
  ['/ari/applications/trunkline', everything],
  ['/ari/channels', []],
  ['/ari/bridges', []],
  ['/ari/endpoints', []],
]);

/** The secret handshake of RFC 6455, section 4.2.2. By hand, since whole frames are then written past any library. */
function accept({ headers }: IncomingMessage, socket: Socket): void {
  const proof = createHash('sha1')
    .update(`${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64');
  socket.on('error', () => undefined);
  // No client says anything but its goodbye.
  socket.on('data', () => socket.destroy());
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${proof}\r\n\r\n`,
  );
}

const finalText = 0x81;
const lengthIn16Bits = 126;

function onWire(frame: Buffer): [Buffer, Buffer] {
  if (frame.length > 0xffff) throw new Error('a recorded frame is longer than any that a PBX sends');
  if (frame.length < lengthIn16Bits) return [Buffer.from([finalText, frame.length]), frame];
  const head = Buffer.from([finalText, lengthIn16Bits, 0, 0]);
  head.writeUInt16BE(frame.length, 2);
  return [head, frame];
}
