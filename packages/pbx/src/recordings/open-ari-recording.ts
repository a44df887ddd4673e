import { AriRest } from '../asterisk-ari/rest.ts';
import type { PbxTarget } from '../port/target.ts';
import { download } from '../transport/download.ts';
import type { OpenedRecording, OpenRecordingContext } from './open-recording.ts';

/** ARI knows a stored recording by its name without the ending that tells its format. */
const nameOf = (file: string): string => file.replace(/\.[A-Za-z0-9]{1,8}$/, '');

export async function openAriRecording(
  target: PbxTarget,
  recording: string,
  { signal, silenceMs }: OpenRecordingContext,
): Promise<OpenedRecording> {
  const rest = new AriRest(target, silenceMs);
  const path = rest.path(['recordings', 'stored', nameOf(recording), 'file']);
  const { authorization } = rest;
  const { status, body, bytes } = await download(target, {
    path,
    headers: { authorization },
    signal,
    silenceMs,
  });
  if (status === 200) return { kind: 'sound', body, bytes };
  body.destroy();
  if (status === 404) return { kind: 'missing', problem: 'Asterisk has no stored recording of this name' };
  if (status === 401 || status === 403)
    return { kind: 'later', problem: `Asterisk refuses the user with HTTP ${status}; check ari.conf` };
  if (status === 503) return { kind: 'later', problem: 'Asterisk is not ready' };
  return { kind: 'broken', problem: `Asterisk answers with HTTP ${status}` };
}
