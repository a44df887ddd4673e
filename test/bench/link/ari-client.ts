/** The npm package ari-client, from the socket to whoever listens to all events. */
import { connect } from 'ari-client';
import { begin, now, readTask, tell } from './contender.ts';

const { port, frames } = readTask();
const client = await connect(`http://127.0.0.1:${port}`, 'bench', 'bench');
let heard = 0;
let startedAt = now();
client.on('*', () => {
  heard += 1;
  if (heard < frames) return;
  tell(startedAt, heard);
  client.stop();
});
await client.start('trunkline', true);
startedAt = begin();
