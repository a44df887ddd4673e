import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { packageSdk, publishedRooms } from './package-sdk.ts';

const root = join(import.meta.dirname, '..', '..');
const run = promisify(execFile);
let project: string;
vi.setConfig({ testTimeout: 120_000 });

/** A project of somebody else: what `npm pack` makes, unpacked as npm unpacks it, and React from us. */
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'trunkline-consumer-'));
  const modules = join(project, 'node_modules');
  await mkdir(join(modules, '@types'), { recursive: true });
  await writeFile(join(project, 'package.json'), '{"type":"module"}');
  for (const room of Object.keys(publishedRooms) as (keyof typeof publishedRooms)[]) {
    const folder = join(project, 'packed', room);
    await packageSdk(room, folder);
    const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', project], { cwd: folder });
    const home = join(modules, '@trunkline', room);
    await mkdir(home, { recursive: true });
    await run('tar', ['-xzf', join(project, stdout.trim()), '-C', home, '--strip-components=1']);
  }
  for (const name of ['react', '@types/react', 'csstype']) {
    await symlink(join(root, 'node_modules', name), join(modules, name));
  }
  await writeFile(join(project, 'consumer.tsx'), consumer);
}, 120_000);
afterAll(() => rm(project, { recursive: true, force: true }));

const consumer = `
import { createClient, softphone, type ConnectionStatus } from '@trunkline/realtime-client';
import { storeOf } from '@trunkline/realtime-client/store';
import { createCommands, CommandError } from '@trunkline/realtime-client/commands';
import { indexedDbStorage } from '@trunkline/realtime-client/command-storage';
import { ChatChannel } from '@trunkline/realtime-client/conversations';
import { sharedSocket } from '@trunkline/realtime-client/tabs';
import { pollWhileDisconnected } from '@trunkline/realtime-client/polling';
import { useCalls, ConnectionStatus as Indicator } from '@trunkline/realtime-react';

const client = createClient({ preset: softphone, token: 'a.b.c', environment: { WebSocket: sharedSocket() } });
const status: ConnectionStatus = client.getStatus();
client.on('call_update', ({ call, status }) => { const told: string = call + status; return told; });
const [call] = storeOf(client).list('call');
export const number: number | undefined = call?.revision;
export const done: Promise<{ readonly number?: number }> = new ChatChannel({
  client,
  commands: createCommands(client, { storage: indexedDbStorage() }),
}).send('Hello');
export const stop: () => void = pollWhileDisconnected(client, {
  source: { openCalls: async (signal: AbortSignal) => [], extensions: async () => [] },
});
export const Page = () => <><Indicator showDetails />{useCalls().length}{String(status.isConnected)}</>;
export const isRefused = (error: unknown) => error instanceof CommandError && error.nothingDone;
// @ts-expect-error -- were the types lost on the way, this would be any and no mistake
client.on('call_update', ({ nothing }) => nothing);
// @ts-expect-error
createClient({ preset: 'softphone' });
`;

it.each(['bundler', 'nodenext'])(
  'what is published has its types, with moduleResolution %s',
  async (resolution) => {
    const config = {
      compilerOptions: {
        strict: true,
        noEmit: true,
        skipLibCheck: false,
        target: 'es2022',
        lib: ['es2022', 'dom', 'dom.iterable'],
        module: resolution === 'bundler' ? 'esnext' : resolution,
        moduleResolution: resolution,
        jsx: 'react-jsx',
        types: [],
      },
      files: ['consumer.tsx'],
    };
    const file = join(project, `tsconfig.${resolution}.json`);
    await writeFile(file, JSON.stringify(config));
    const found = await run(join(root, 'node_modules', '.bin', 'tsc'), ['-p', file]).catch(
      ({ stdout }: { stdout: string }) => ({ stdout }),
    );
    expect(found.stdout).toBe('');
  },
);

it('what is published runs, and needs nothing but what it names', async () => {
  const script = `
    const names = ['', '/store', '/commands', '/command-storage', '/conversations', '/tabs', '/polling'];
    const [client, store, ...rest] = await Promise.all(names.map((name) => import('@trunkline/realtime-client' + name)));
    const react = await import('@trunkline/realtime-react');
    const made = client.createClient({ token: 'a.b.c', url: 'ws://127.0.0.1:9/ws' });
    console.log(made.getStatus().state, store.storeOf(made).list('call').length, rest.length, typeof react.useCalls);`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], { cwd: project });
  expect(stdout.trim()).toBe('disconnected 0 5 function');
});
