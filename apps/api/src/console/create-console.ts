import { randomBytes } from 'node:crypto';
import statics from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Area } from '../create-api.ts';
import { Problem } from '../http/problem.ts';
import { messagePage, pagePolicy } from '../sessions/page.ts';
import type { ApiSettings } from '../settings.ts';
import { consoleConfigOf } from './console-config.ts';
import { contentSecurityPolicy, originOf, socketOriginOf } from './content-security-policy.ts';
import { createConsoleReader, type BuiltConsole } from './read-built-console.ts';

/** Belong to programs, to the other pages, or to what stands beside us: never answered with the console. */
const notOfTheConsole =
  /^\/(?:v1|queues|operations|login|logout|openapi\.json|health\w*|livez|readyz|metrics|ws|console|assets)(?:\/|$)/;

/** Stands in index.html wherever it wants the nonce. */
const noncePlaceholder = '__CSP_NONCE__';

const hashed = 'public, max-age=31536000, immutable';

/** The web console at `/`: its files, and its page for whatever address a person opens. */
export function createConsole(settings: Pick<ApiSettings, 'console' | 'tokens' | 'login'>): Area {
  const { directory } = settings.console;
  const config = consoleConfigOf(settings);
  const readConsole = createConsoleReader(directory);
  const connects = [
    ...originOf(config.issuer),
    ...(config.pushUrl === null ? socketOriginOf(settings.login.publicUrl) : originOf(config.pushUrl)),
  ];

  function sendPage(reply: FastifyReply, built: BuiltConsole): FastifyReply {
    const nonce = randomBytes(16).toString('base64');
    const { scripts, styles, html } = built;
    return reply
      .header('content-security-policy', contentSecurityPolicy({ scripts, styles, connects, nonce }))
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      .send(withNonce(html, nonce));
  }

  return async (app) => {
    await app.register(statics, {
      root: directory,
      serve: false,
      preCompressed: true,
      cacheControl: false,
      index: false,
      dotfiles: 'ignore',
    });
    app.get('/console/config.json', (_request, reply) =>
      reply.header('cache-control', 'no-cache').send(config),
    );
    app.get('/*', async (request: FastifyRequest<{ Params: { '*': string } }>, reply) => {
      const path = request.params['*'];
      const built = await readConsole();
      // Only names that were found in the folder are served, so no path leads out of it.
      if (built?.files.has(path) === true) {
        const caching = path.startsWith('assets/') ? hashed : 'no-cache';
        return reply.header('cache-control', caching).sendFile(path);
      }
      if (notOfTheConsole.test(`/${path}`) || !wantsPage(request))
        throw new Problem(
          'not-found',
          `There is nothing here to ${request.method}; /openapi.json lists what there is`,
        );
      return built === null ? sayHowToBuild(reply) : sendPage(reply, built);
    });
  };
}

const wantsPage = ({ headers }: FastifyRequest): boolean => headers.accept?.includes('text/html') === true;

/** Scripts read it from `<meta name="csp-nonce">`, which a page that has none is given. */
function withNonce(html: string, nonce: string): string {
  const filled = html.replaceAll(noncePlaceholder, nonce);
  return /<meta\s[^>]*name="csp-nonce"/i.test(filled)
    ? filled
    : filled.replace(/<head[^>]*>/i, `$&<meta name="csp-nonce" content="${nonce}">`);
}

const sayHowToBuild = (reply: FastifyReply): FastifyReply =>
  reply
    .status(503)
    .header('content-security-policy', pagePolicy)
    .type('text/html; charset=utf-8')
    .send(
      messagePage({
        title: 'The console is not built yet',
        text: 'npm start builds it before it says that Trunkline is ready, and npm run console builds it by itself. Then load this page anew. The API works without it.',
        link: { to: '/openapi.json', says: 'What the API can do' },
      }),
    );
