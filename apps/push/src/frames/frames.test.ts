import { describe, expect, it } from 'vitest';
import { WebSocketServer, WebSocket } from 'ws';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Entry } from '../feed/entry.ts';
import { encodeFrame } from './encode-frame.ts';

const call = {
  pbx: 'p',
  call: 'a',
  revision: 1,
  extensions: ['1001'],
  callerNumber: '0301234567',
};

const entryOf = (payload: object): Entry =>
  new Entry(1, { offset: '5-1', id: '1', payload: JSON.stringify(payload), traceparent: null });

describe('the frames of an entry', () => {
  it('are built once for all who read a topic alike', () => {
    const entry = entryOf({ new_call: [call] });
    const frames = entry.messagesFor('calls', false);
    expect(entry.messagesFor('calls', false)).toBe(frames);
    expect(entry.messagesFor('calls', true)).not.toBe(frames);
  });

  it('[DATA1] say when another one with the same offset follows', () => {
    const entry = entryOf({ link_update: [{ pbx: 'p' }], 'pbx-connected': [{ pbx: 'p' }] });
    const { bytes, count } = entry.messagesFor('pbx', false);
    expect(count).toBe(2);
    const texts = [
      '{"type":"link_update","topic":"pbx","offset":"5-1","more":true,"rows":[{"pbx":"p"}]}',
      '{"type":"pbx-connected","topic":"pbx","offset":"5-1","rows":[{"pbx":"p"}]}',
    ];
    expect(bytes).toEqual(Buffer.concat(texts.map(encodeFrame)));
  });

  it('what nobody here knows, and what belongs to nobody, is left out', () => {
    const entry = entryOf({
      sung: [{ a: 1 }],
      notification: [{ notification: '1' }, { user: 'u', notification: '2' }],
    });
    expect([...entry.topics]).toEqual(['user:u']);
  });

  it('of every size are read by a WebSocket as they were written', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    const texts = [0, 1, 125, 126, 65_535, 65_536, 200_000].map((length) =>
      'ü'.repeat(length).slice(0, length),
    );
    server.on('connection', (_socket, request) => {
      const raw = request.socket;
      for (const text of texts) raw.write(encodeFrame(text));
    });
    const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const heard: string[] = [];
    client.on('message', (data: Buffer, isBinary) => heard.push(isBinary ? 'binary' : data.toString()));
    await expect.poll(() => heard.length, { timeout: 10_000 }).toBe(texts.length);
    expect(heard).toEqual(texts);
    client.terminate();
    server.close();
  });
});
