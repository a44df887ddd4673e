import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Waits for the words of a child process, one after the other; a child that ends instead is an error. */
export function toldBy<Reply extends { readonly tell: string }>(child: ChildProcess, who: string) {
  const lost = once(child, 'exit').then(([code]): never => {
    throw new Error(`${who} ended with code ${code}`);
  });
  // Ends of which nobody waits to hear are in good order.
  lost.catch(() => undefined);
  return async <Tell extends Reply['tell']>(tell: Tell): Promise<Extract<Reply, { tell: Tell }>> => {
    const [reply] = (await Promise.race([once(child, 'message'), lost])) as [Reply];
    if (reply.tell !== tell) throw new Error(`${who} should have told ${tell}, and told ${reply.tell}`);
    return reply as Extract<Reply, { tell: Tell }>;
  };
}

/** Lets a child end that ends with its channel, and insists after a while. */
export async function dismiss(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  if (child.connected) child.disconnect();
  const forced = setTimeout(() => child.kill('SIGKILL'), dismissedWithinMs);
  await exited;
  clearTimeout(forced);
}

const dismissedWithinMs = 5_000;
