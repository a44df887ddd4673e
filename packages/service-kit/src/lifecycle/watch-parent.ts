import { assertNever } from '../primitives/assert-never.ts';

/** How a launcher is known to be alive: its IPC channel, or the pipe it holds to our standard input. */
export type ParentLink = 'ipc' | 'stdin';

/**
 * Calls back once when the launcher that started this process is gone, even if it was killed and could not say so:
 * the kernel closes its end of the channel or pipe. Returns how to stop watching, without which the watch itself would
 * keep the process alive.
 */
export function watchParent(link: ParentLink, onGone: () => void): () => void {
  switch (link) {
    case 'ipc':
      return watchChannel(onGone);
    case 'stdin':
      return watchStandardInput(onGone);
    default:
      return assertNever(link, 'a link to a parent');
  }
}

function watchChannel(onGone: () => void): () => void {
  if (!process.connected)
    throw new Error('No IPC channel: start this process with fork(), or watch stdin instead');
  process.once('disconnect', onGone);
  return () => void process.off('disconnect', onGone);
}

function watchStandardInput(onGone: () => void): () => void {
  const { stdin } = process;
  stdin.once('end', onGone).once('close', onGone).once('error', onGone).resume();
  return () => {
    stdin.off('end', onGone).off('close', onGone).off('error', onGone).pause();
    if ('unref' in stdin && typeof stdin.unref === 'function') stdin.unref();
  };
}
