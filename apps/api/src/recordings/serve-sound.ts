import { fileKeyOf, readRecording, type ListedRecording } from '@trunkline/recordings';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ApiContext } from '../api-context.ts';
import { audited } from '../audited.ts';
import { Problem } from '../http/problem.ts';
import { createRequestLimiter, type RequestLimits } from '../http/request-limiter.ts';
import { byteRange } from './byte-range.ts';
import type { SoundLink } from './sound-links.ts';

export const soundPath = '/v1/recording-sound';

/**
 * Sound by a sealed link, since players of browsers send no token. The link says who it was made for, so what is heard is audited
 * under that name; whether the recording is still there is asked each time.
 */
export function serveSound(app: FastifyInstance, context: ApiContext, limits: RequestLimits): void {
  const limiter = createRequestLimiter(context, limits);
  app.get<{ Params: { link: string } }>(`${soundPath}/:link`, async (request, reply) => {
    const link = (await context.soundLinks?.open(request.params.link)) ?? null;
    if (link === null) {
      await limiter.countStranger('address', request.ip);
      throw new Problem('not-found', 'This link is not one of ours or has ended; ask for a new one');
    }
    await limiter.countUser(link);
    return send(context, link, request, reply);
  });
}

async function send(
  context: ApiContext,
  link: SoundLink,
  { headers, method }: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { database, storage } = context;
  const { tenant, recording: id, download } = link;
  const found = await database.forTenant(tenant, (_em, tx) => readRecording(tx, id, tenant));
  const { bytes, contentType } = storedOf(found, id);
  const range = byteRange(headers.range, bytes);
  void reply.header('accept-ranges', 'bytes').header('cache-control', 'private, no-store');
  if (range === 'unsatisfiable')
    return reply.status(416).header('content-range', `bytes */${bytes}`).type('text/plain').send('');
  const { first, last } = range ?? { first: 0, last: bytes - 1 };
  void reply
    .status(range === null ? 200 : 206)
    .type(contentType)
    .header('content-length', last - first + 1);
  if (range !== null) void reply.header('content-range', `bytes ${first}-${last}/${bytes}`);
  if (download)
    void reply.header('content-disposition', `attachment; filename="${id}${endings[contentType] ?? ''}"`);
  if (method === 'HEAD') return reply.send();
  const action = download ? 'recording.download' : 'recording.play';
  const stream = await audited(
    context,
    { principal: link, action, target: id, details: { first, last } },
    () => storage.get(fileKeyOf(tenant, id), { range: { first, last } }),
  );
  return reply.send(stream);
}

/** The PBX's own name mostly holds a phone number, so a file that is sent is named by its id. */
const endings: Readonly<Record<string, string>> = {
  'audio/wav': '.wav',
  'audio/mpeg': '.mp3',
  'audio/ogg': '.ogg',
  'audio/flac': '.flac',
};

function storedOf(found: ListedRecording | null, id: string): { bytes: number; contentType: string } {
  if (found === null) throw new Problem('not-found', `There is no recording ${id}`);
  const { status, bytes, contentType } = found;
  if (status === 'stored' && bytes !== null && contentType !== null) return { bytes, contentType };
  throw notStored(found);
}

export const notStored = ({ status }: Pick<ListedRecording, 'status'>): Problem =>
  new Problem('conflict', `The sound of this recording is not here: it is ${status}`, {
    more: { reason: status },
  });
