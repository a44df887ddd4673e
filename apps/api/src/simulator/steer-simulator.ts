import type { SimulatorAction } from './simulator-actions.ts';
import type { AskSimulator } from './simulator-client.ts';

/** Carries an action out. Gives the name of a call that it has started. */
export async function steerSimulator(ask: AskSimulator, wish: SimulatorAction): Promise<string | null> {
  const fault = (body: Readonly<Record<string, unknown>>): Promise<unknown> => ask('POST', '/faults', body);
  switch (wish.action) {
    case 'traffic':
      await ask('PUT', '/traffic', { ...(await modelOf(ask)), callsPerSecond: wish.callsPerSecond });
      return null;
    case 'start-call': {
      const { kind, from, to } = wish;
      const { key } = (await ask('POST', '/calls', { kind, from, to })) as { key: string };
      // One that calls out is let ring as well: whoever started it wants to see it.
      await ask('POST', `/calls/${encodeURIComponent(key)}/ring`);
      return key;
    }
    case 'answer-call':
      await ask('POST', `/calls/${wish.call}/answer`, wish.by === undefined ? {} : { by: wish.by });
      return null;
    case 'hang-up-call':
      await ask('POST', `/calls/${wish.call}/hangUp`, {});
      return null;
    case 'drop':
      await fault({ kind: 'drop', how: wish.how });
      return null;
    case 'freeze':
      await fault({ kind: 'halfOpen', acceptNone: wish.acceptNone });
      return null;
    case 'block-address':
      await fault({ kind: 'block', ms: wish.seconds * 1_000 });
      // What is open would stay open, and nobody would meet the block.
      await fault({ kind: 'drop', how: 'reset' });
      return null;
    case 'lose-hangups':
      await fault({ kind: 'loseHangups', share: wish.share });
      return null;
    case 'restart':
      await fault({ kind: 'restart', downMs: wish.downSeconds * 1_000, announce: wish.announce });
      return null;
    case 'corrupt-frames':
      await fault({ kind: 'malformed', share: wish.share, instead: wish.instead });
      return null;
    case 'clear-faults':
      await ask('DELETE', '/faults');
      return null;
  }
}

/** Another rate leaves all else as it is: what kinds of calls there are, and how long they ring and last. */
async function modelOf(ask: AskSimulator): Promise<object> {
  const { traffic } = (await ask('GET', '/status')) as { traffic: object | null };
  return traffic ?? {};
}
