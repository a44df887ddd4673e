import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { ScriptedPush } from './scripted-push.ts';

/** A scripted push in a process of its own, to be frozen or killed. It serves pages beside it, and is told what to do by POST. */
const folder = process.argv[2] ?? '.';
const types: Record<string, string> = { html: 'text/html', js: 'text/javascript', css: 'text/css' };

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://here');
  if (request.method === 'POST') {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      order(
        pathname.slice(1),
        chunks.length === 0 ? {} : (JSON.parse(String(Buffer.concat(chunks))) as Order),
      );
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({ sockets: push.sessions.size, accepted: push.accepted, heard: push.heard }),
      );
    });
    return;
  }
  try {
    const name = pathname === '/' ? 'index.html' : pathname.slice(1);
    response.setHeader('content-type', types[name.split('.').at(-1) ?? ''] ?? 'text/plain');
    response.end(readFileSync(join(folder, name.replaceAll('..', ''))));
  } catch {
    response.statusCode = 404;
    response.end(searchParams.toString());
  }
});

interface Order {
  readonly topic?: string;
  readonly type?: string;
  readonly rows?: readonly object[];
  readonly code?: number | null;
  readonly snapshot?: Record<string, readonly object[]>;
}

function order(what: string, { topic = '', type = '', rows = [], code, snapshot }: Order): void {
  if (what === 'publish') push.publish(topic, type, ...rows);
  else if (what === 'snapshot') push.snapshots.set(topic, snapshot ?? {});
  else if (what === 'close') push.closeAll(code ?? 1012);
  else if (what === 'refuse') push.refuseWith = code ?? undefined;
  else if (what === 'say') for (const row of rows) push.say(row);
}

const push = await ScriptedPush.start({}, server);
process.on('disconnect', () => process.exit());
process.send?.({ port: push.port });
