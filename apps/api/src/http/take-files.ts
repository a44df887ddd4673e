import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from './problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The types of files that the route takes. */
    takes?: readonly string[];
  }
}

const fileTypes = ['text/csv', 'application/octet-stream'] as const;

/** A file of the largest size has so long to come in; one that stands still is given up much sooner. */
export const fileMsMax = 30 * 60_000;
const standstillMs = 30_000;

/** What a route gets that takes a file is the stream itself; no other route gets one. */
export function takeFiles(app: FastifyInstance): void {
  app.addContentTypeParser([...fileTypes], (request, payload, done) => {
    const { takes = [] } = request.routeOptions.config;
    if (takes.length > 0) done(null, payload);
    else done(new Problem('unsupported-media-type', 'Send the body as application/json'), undefined);
  });
}

/**
 * A body has to be here in time, whole, unless it is a file. Node has one clock for all requests, which has to be that of the files; so
 * this one is kept for each request that has a body.
 */
export function endLateBodies(app: FastifyInstance, withinMs: number): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (hasBody(request) && (request.routeOptions.config?.takes ?? []).length === 0) {
      const { raw } = request;
      const timer = setTimeout(() => {
        if (!raw.complete && !reply.raw.headersSent) refuseLate(raw);
      }, withinMs);
      timer.unref();
      reply.raw.once('close', () => clearTimeout(timer));
    }
    done();
  });
}

const hasBody = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** As Node itself does it. */
function refuseLate({ socket }: IncomingMessage): void {
  if (socket.writable) socket.write('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
  socket.destroy();
}

/** The pieces of a file as they come in; one that stands still or breaks off is an error that says so. */
export async function* piecesOf(file: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const pieces = file[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await inTime(pieces.next());
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await pieces.return?.();
  }
}

async function inTime<Result>(waiting: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Problem('invalid', 'The file stopped coming in; send it again')),
      standstillMs,
    );
  });
  try {
    return await Promise.race([waiting, late]);
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem('invalid', 'The file broke off; send it again', { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
