import { text } from 'node:stream/consumers';
import { LinkError } from '../port/fault.ts';
import type { PbxTarget } from '../port/target.ts';
import { download, type Download } from '../transport/download.ts';
import { NOT_FOUND, OK, TOKEN_EXPIRED } from '../yeastar/api-faults.ts';
import { callApi, headers, parseAnswer } from '../yeastar/call-api.ts';
import { textOf } from '../yeastar/fields.ts';
import { PbxClock } from '../yeastar/pbx-clock.ts';
import { readSession } from '../yeastar/session.ts';
import type { OpenedRecording, OpenRecordingContext } from './open-recording.ts';

const later = (problem: string): OpenedRecording => ({ kind: 'later', problem });
const loggedOut = 'The PBX is not logged in to just now, so it gives out no recordings';

/**
 * Asks for a link and follows it at once: it expires, and it is good with the token only. The token is the link's own; a PBX has
 * room for eight, so none is taken for this.
 */
export async function openYeastarRecording(
  target: PbxTarget,
  recording: string,
  context: OpenRecordingContext,
): Promise<OpenedRecording> {
  const { session, signal, now, silenceMs } = context;
  const kept = readSession(await session.read());
  if (kept === null || kept.accessUntil <= now()) return later(loggedOut);
  const token = kept.access;
  const endpoint = { address: target.address, trust: target.trust };
  const site = { endpoint, answerMs: silenceMs, clock: new PbxClock(), now };
  const answer = await callApi(
    site,
    { name: 'recording/download', query: { file: recording }, token },
    signal,
  );
  if (answer.errcode === NOT_FOUND)
    return { kind: 'missing', problem: 'The PBX has no recording of this name' };
  if (answer.errcode === TOKEN_EXPIRED) return later(loggedOut);
  if (answer.errcode !== OK)
    return { kind: 'broken', problem: `The PBX refuses the recording: ${answer.errcode} ${answer.errmsg}` };
  const path = pathOf(textOf(answer.fields.download_resource_url), target, token);
  if (path === null) return { kind: 'broken', problem: 'The PBX gave a link that leads nowhere' };
  return judge(await download(endpoint, { path, headers, signal, silenceMs }));
}

/** A link leads to a place on the PBX itself. What leads elsewhere gets no token of ours. */
function pathOf(link: string, { address }: PbxTarget, token: string): string | null {
  if (link === '' || !URL.canParse(link, address.href)) return null;
  const url = new URL(link, address);
  if (url.host !== address.host) return null;
  url.searchParams.set('access_token', token);
  return url.pathname + url.search;
}

const answerLettersMax = 64 * 1024;

/** Failures come with HTTP 200, in the form of the API. */
async function judge({ status, headers: told, body, bytes }: Download): Promise<OpenedRecording> {
  const isAnswer = (told['content-type'] ?? '').startsWith('application/json');
  if (status === 200 && !isAnswer) return { kind: 'sound', body, bytes };
  if (!isAnswer || (bytes ?? Number.POSITIVE_INFINITY) > answerLettersMax) {
    body.destroy();
    return { kind: 'broken', problem: `The link to the recording is answered with HTTP ${status}` };
  }
  try {
    const answer = parseAnswer(await text(body));
    if (answer?.errcode === TOKEN_EXPIRED) return later(loggedOut);
    return { kind: 'broken', problem: `The link to the recording is refused: ${answer?.errcode ?? status}` };
  } catch (error) {
    throw new LinkError({ kind: 'unreachable' }, 'The PBX broke off its answer', { cause: error });
  }
}
