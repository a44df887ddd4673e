import { Readable } from 'node:stream';
import type { OpenSound } from '../worker-host.ts';

/** In place of a PBX: sound from any server, without a login. */
export const openFromServer =
  (url: string): OpenSound =>
  async (_pbx, recording, signal) => {
    const answer = await fetch(`${url}/${encodeURIComponent(recording)}`, { signal });
    if (answer.body === null || !answer.ok) {
      return { kind: 'missing', problem: `the server answers with HTTP ${answer.status}` };
    }
    return {
      kind: 'sound',
      body: Readable.fromWeb(answer.body),
      bytes: Number(answer.headers.get('content-length')),
    };
  };
