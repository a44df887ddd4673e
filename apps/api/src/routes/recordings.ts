import type { Principal } from '@trunkline/access';
import {
  deleteRecording,
  listRecordings,
  readRecording,
  recordingStatuses,
  type ListedRecording,
} from '@trunkline/recordings';
import { redactPhoneField } from '@trunkline/service-kit';
import * as v from 'valibot';
import type { ApiContext } from '../api-context.ts';
import { audited } from '../audited.ts';
import { callParam, paging, pbxParam, uuid } from '../http/inputs.ts';
import { Problem } from '../http/problem.ts';
import { defineRoute } from '../http/route.ts';
import { notStored, soundPath } from '../recordings/serve-sound.ts';
import { linkLifeMs } from '../recordings/sound-links.ts';
import {
  deletedRecordingShape,
  recordingPageShape,
  recordingShape,
  soundLinkShape,
} from '../shapes/recordings.ts';
import { notFound, readOwn } from './own.ts';

const tag = 'Recordings';
const params = v.strictObject({ recording: uuid('The id of a recording.') });

export const listRecordingsRoute = defineRoute({
  method: 'GET',
  path: '/v1/recordings',
  tag,
  summary: 'Recordings and whether their sound is here, those that became ready last first',
  scope: 'recordings:read',
  query: v.strictObject({
    pbx: v.optional(pbxParam),
    call: v.optional(callParam),
    status: v.optional(v.picklist(recordingStatuses, `must be one of ${recordingStatuses.join(', ')}`)),
    ...paging,
  }),
  answers: { 200: { description: 'A page of recordings.', schema: recordingPageShape } },
  async handle({ principal, query: { limit, after, ...filter } }, context) {
    const { tenant } = principal;
    const page = await readOwn(context, principal, (tx) =>
      listRecordings(tx, { ...filter, tenant }, { limit, after }),
    );
    return { body: { ...page, items: page.items.map((item) => shownTo(principal, item)) } };
  },
});

export const readRecordingRoute = defineRoute({
  method: 'GET',
  path: '/v1/recordings/{recording}',
  tag,
  summary: 'One recording and whether its sound is here',
  scope: 'recordings:read',
  params,
  answers: { 200: { description: 'The recording.', schema: recordingShape } },
  problems: ['not-found'],
  handle: async ({ principal, params: { recording } }, context) => ({
    body: shownTo(principal, await ownRecording(context, principal, recording)),
  }),
});

export const linkRecordingRoute = defineRoute({
  method: 'POST',
  path: '/v1/recordings/{recording}/links',
  tag,
  summary: 'A link to the sound of a recording, for a player or for a download',
  description: 'It is good for 15 minutes, for whoever has it. Making it and each use of it are audited.',
  scope: 'recordings:read',
  numbers: 'none',
  showsSecret: true,
  params,
  body: v.strictObject({
    download: v.optional(v.pipe(v.boolean(), v.description('To be kept as a file and not played.'))),
  }),
  answers: { 201: { description: 'The link.', schema: soundLinkShape } },
  problems: ['not-found'],
  async handle({ principal, params: { recording }, body: { download = false }, traceparent }, context) {
    const { soundLinks } = context;
    if (soundLinks === undefined)
      throw new Problem('conflict', 'Links can’t be made: TRUNKLINE_API_SESSION_SECRET is not set', {
        more: { reason: 'no-secret' },
      });
    const found = await ownRecording(context, principal, recording);
    if (found.status !== 'stored') throw notStored(found);
    const { tenant, user } = principal;
    const details = { download };
    const expiresAt = new Date(Date.now() + linkLifeMs);
    const sealed = await audited(
      context,
      { principal, action: 'recording.link', target: recording, details, traceparent },
      () => soundLinks.seal({ recording, tenant, user, download }),
    );
    return { status: 201, body: { path: `${soundPath}/${sealed}`, expiresAt } };
  },
});

export const deleteRecordingRoute = defineRoute({
  method: 'DELETE',
  path: '/v1/recordings/{recording}',
  tag,
  summary: 'Deletes the sound of a recording for good; that there was one stays known',
  scope: 'recordings:delete',
  params,
  answers: { 200: { description: 'It can’t be heard any more.', schema: deletedRecordingShape } },
  problems: ['not-found'],
  async handle({ principal, params: { recording }, traceparent }, context) {
    await ownRecording(context, principal, recording);
    await audited(
      context,
      { principal, action: 'recording.delete', target: recording, traceparent },
      async () => {
        const messages = await context.database.run((tx) => deleteRecording(tx, recording, principal.tenant));
        // Somebody else may have deleted it a moment ago; it is deleted either way.
        await context.relay(messages ?? []).catch((error: unknown) => {
          context.logger.debug({ err: error }, 'a deletion waits to be relayed');
        });
      },
    );
    return { body: { outcome: 'deleted' } };
  },
});

async function ownRecording(context: ApiContext, principal: Principal, id: string): Promise<ListedRecording> {
  const found = await readOwn(context, principal, (tx) => readRecording(tx, id, principal.tenant));
  if (found === null) throw notFound(`There is no recording ${id}; GET /v1/recordings lists those there are`);
  return found;
}

/** The PBX's own name mostly holds a phone number, written as no text of ours would write one. */
const shownTo = ({ scopes }: Pick<Principal, 'scopes'>, found: ListedRecording): ListedRecording =>
  scopes.has('numbers:read') ? found : { ...found, recording: redactPhoneField(found.recording) };
