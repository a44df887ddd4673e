import type { Redis } from 'ioredis';
import { createLogger, createRedisConnections } from '../../index.ts';

/** Opens a connection of each purpose, uses what can be used, closes all of them and must then end by itself. */
const [url = '', expectation] = process.argv.slice(2);
const logger = createLogger({ name: 'redis-process', level: 'silent', redactPhoneNumbers: true });
const connections = createRedisConnections({ url, logger, name: 'redis-process' });

const commands = connections.open('commands');
const reader = connections.open('blocking reader', { blockMsMax: 60_000 });
const subscriber = connections.open('subscriber');
const worker = connections.open('bullmq worker');
const duplicate = (worker as Redis).duplicate();
connections.open('bullmq producer');
const opened = connections.size;

let pending: Promise<unknown>;
if (expectation === 'reachable') {
  const all = [commands, reader, subscriber, worker, duplicate];
  await Promise.all(all.map((connection) => connections.whenReady(connection)));
  await subscriber.ssubscribe('{service-kit}:nothing');
  pending = reader.xread('BLOCK', 60_000, 'STREAMS', '{service-kit}:nothing', '$');
} else {
  pending = subscriber.subscribe('waits in the offline queue');
  await new Promise((resolve) => setTimeout(resolve, 200));
}
const settled = pending.then(
  () => 'resolved',
  () => 'rejected',
);

await Promise.all([connections.closeAll(), connections.closeAll()]);
process.stdout.write(`${JSON.stringify({ opened, left: connections.size, pending: await settled })}\n`);
