/** The npm package asterisk-manager, from the socket to whoever listens to all events. */
import createManager from 'asterisk-manager';
import { begin, readTask, tell } from './contender.ts';

const { port, frames } = readTask();
const manager = createManager(port, '127.0.0.1', 'bench', 'bench', true);
manager.once('fullybooted', () => {
  let heard = 0;
  const startedAt = begin();
  manager.on('managerevent', () => {
    heard += 1;
    if (heard < frames) return;
    tell(startedAt, heard);
    manager.disconnect();
  });
});
