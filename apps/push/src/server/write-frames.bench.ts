import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { setTimeout as wait } from 'node:timers/promises';
import { WebSocket, WebSocketServer } from 'ws';
import { encodeFrame } from '../frames/encode-frame.ts';

/**
 * What one delivery costs the server by each way to write it: `node apps/push/src/server/write-frames.bench.ts`. The clients
 * live in a process of their own, so that only the server's work is counted.
 */
const sockets = 300;
const rounds = 400;
const pauseMs = 8;
const joined = 8;

const self = fileURLToPath(import.meta.url);
const [, , portOfServer] = process.argv;
if (portOfServer === undefined) await measure();
else await listen(Number(portOfServer));

async function listen(port: number): Promise<void> {
  for (let index = 0; index < sockets; index += 1) {
    const client = new WebSocket(`ws://127.0.0.1:${port}`);
    client.on('message', () => undefined);
    await once(client, 'open');
  }
  process.send?.('listening');
  process.on('disconnect', () => process.kill(process.pid));
}

async function measure(): Promise<void> {
  const server = new WebSocketServer({ noServer: true, clientTracking: false });
  const http = createServer();
  const clients: { readonly webSocket: WebSocket; readonly socket: Socket }[] = [];
  http.on('upgrade', (request, duplex, head) => {
    const socket = duplex as Socket;
    server.handleUpgrade(request, socket, head, (webSocket) => clients.push({ webSocket, socket }));
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const child = fork(self, [String((http.address() as AddressInfo).port)]);
  await once(child, 'message');

  const row = { pbx: 'p'.repeat(36), call: 'c', status: 'ringing', filler: 'x'.repeat(350) };
  const text = JSON.stringify({
    type: 'call_update',
    topic: 'calls',
    offset: '1700000000000-3',
    rows: [row],
  });
  const ways: Record<string, (round: number) => void> = {
    'ws, a text each time': () => {
      for (const { webSocket } of clients) webSocket.send(text);
    },
    'ws, one buffer for all': () => {
      const bytes = Buffer.from(text);
      for (const { webSocket } of clients) webSocket.send(bytes, { binary: false });
    },
    'one frame for all': () => {
      const frame = encodeFrame(text);
      for (const { socket } of clients) socket.write(frame);
    },
    [`one frame for all, ${joined} joined`]: (round) => {
      if (round % joined !== 0) return;
      const frames = Buffer.concat(Array.from({ length: joined }, () => encodeFrame(text)));
      for (const { socket } of clients) socket.write(frames);
    },
  };
  for (const [way, write] of Object.entries(ways)) {
    const before = process.cpuUsage();
    for (let round = 0; round < rounds; round += 1) {
      write(round);
      await wait(pauseMs);
    }
    const { user, system } = process.cpuUsage(before);
    process.stdout.write(
      `${((user + system) / (sockets * rounds)).toFixed(2)} µs of CPU a delivery: ${way}\n`,
    );
  }
  child.kill();
  for (const { socket } of clients) socket.destroy();
  http.close();
}
