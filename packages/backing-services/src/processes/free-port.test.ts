import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { freePort } from './free-port.ts';

it('keeps the wanted port while nobody has it, and finds another when somebody does', async () => {
  const wanted = await freePort();
  expect(await freePort(wanted)).toBe(wanted);
  await using server = createServer().listen(wanted, '127.0.0.1');
  await once(server, 'listening');
  expect(await freePort(wanted)).not.toBe(wanted);
});

it('stays below the ports that outgoing connections are given', async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, () => freePort()));
  expect(ports.every((port) => port >= 20_000 && port < 32_000)).toBe(true);
});
