import { spawn } from 'node:child_process';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { bundleSdk, clientEntries, exportAll } from '../../infra/sdk/bundle-sdk.ts';
import { BrowserLab } from './support/browser-lab.ts';
import { ScriptedPush } from './support/scripted-push.ts';

const examples = join(import.meta.dirname, '..', '..', 'examples');
const soon = { timeout: 30_000, interval: 50 };
const call = (status: string, revision: number) => ({
  pbx: 'p',
  call: 'c',
  status,
  revision,
  callerNumber: '+351912345678',
  calleeNumber: '1042',
  cause: null,
  extensions: ['1042'],
});

it('each example has fewer than 20 lines', async () => {
  for (const name of ['follow-calls.mjs', 'follow-calls.html']) {
    expect((await readFile(join(examples, name), 'utf8')).trim().split('\n').length).toBeLessThan(20);
  }
});

it('the Node example follows calls of a scripted server', { timeout: 60_000 }, async () => {
  await using push = await ScriptedPush.start();
  push.snapshots.set('calls', { call_update: [call('ringing', 1)] });
  const example = spawn(process.execPath, [join(examples, 'follow-calls.mjs'), push.url, 'a.b.c']);
  try {
    let said = '';
    example.stdout.on('data', (text: Buffer) => (said += String(text)));
    await vi.waitFor(() => expect(said).toContain('ringing   +351912345678 -> 1042'), soon);
    push.publish('calls', 'call_update', call('connected', 2));
    await vi.waitFor(() => expect(said).toContain('connected +351912345678 -> 1042'), soon);
    push.publish('pbx', 'pbx-disconnected', { pbx: 'p', version: '1', cause: 'x' });
    await vi.waitFor(() => expect(said).toContain('link to p lost'), soon);
    example.kill('SIGINT');
    await vi.waitFor(() => expect(example.exitCode).toBe(0), soon);
  } finally {
    example.kill('SIGKILL');
  }
});

it(
  'the plain HTML example follows calls of a scripted server in Chromium',
  { timeout: 120_000 },
  async () => {
    await using browser = await BrowserLab.open('client-page.ts');
    await copyFile(join(examples, 'follow-calls.html'), browser.fileOf('follow-calls.html'));
    await writeFile(browser.fileOf('realtime-client.js'), await bundleSdk(exportAll(clientEntries)));
    await writeFile(browser.fileOf('token'), 'a.b.c');
    await browser.order('snapshot', { topic: 'calls', snapshot: { call_update: [call('ringing', 1)] } });
    const page = await browser.context.newPage();
    await page.goto(`http://127.0.0.1:${browser.port}/follow-calls.html`);
    const shows = (text: string) =>
      vi.waitFor(async () => expect(await page.locator('#calls').textContent()).toContain(text), soon);
    await shows('ringing +351912345678 → 1042');
    await browser.order('publish', { topic: 'calls', type: 'call_update', rows: [call('connected', 2)] });
    await shows('connected +351912345678 → 1042');
    await vi.waitFor(async () => expect(await page.locator('#state').textContent()).toBe('live'), soon);
  },
);
