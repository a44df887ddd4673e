import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createHealth, type Health } from '../health/create-health.ts';
import { createMetrics, type Metrics } from '../metrics/create-metrics.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { createMemoryLogger } from '../testing/memory-logger.ts';
import { startOperationsServer, type OperationsServer } from './start-operations-server.ts';

const clock = createManualClock();
let health: Health;
let metrics: Metrics;
let server: OperationsServer;

beforeEach(async () => {
  const { logger } = createMemoryLogger();
  health = createHealth({ now: clock.now });
  metrics = createMetrics({ app: 'test' });
  server = await startOperationsServer({ port: 0, host: '127.0.0.1', health, metrics, logger });
});
afterEach(async () => {
  await server.close();
  metrics.stop();
});

async function get(path: string, method = 'GET'): Promise<{ status: number; body: unknown }> {
  const response = await fetch(server.url + path, { method });
  const text = await response.text();
  return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text };
}

test('/livez names the loop that makes no progress', async () => {
  health.progress('consumer', { silenceMsMax: 1_000 });
  expect(await get('/livez')).toMatchObject({ status: 200, body: { live: true, failing: [] } });
  clock.advance(5_000);
  expect(await get('/livez')).toEqual({
    status: 503,
    body: {
      live: false,
      failing: ['consumer'],
      loops: [{ loop: 'consumer', ok: false, silentMs: 5_000, silenceMsMax: 1_000 }],
    },
  });
});

test('/readyz names the check that fails, and the phase', async () => {
  expect(await get('/readyz')).toMatchObject({ status: 503, body: { ready: false, phase: 'starting' } });
  health.started();
  expect((await get('/readyz')).status).toBe(200);
  health.check('redis', () => Promise.reject(new Error('ECONNREFUSED')));
  expect(await get('/readyz?verbose')).toEqual({
    status: 503,
    body: {
      ready: false,
      phase: 'running',
      failing: ['redis'],
      checks: [{ check: 'redis', ok: false, reason: 'ECONNREFUSED' }],
    },
  });
  expect((await get('/livez')).status).toBe(200);
});

test('/metrics gives the exposition with its content type', async () => {
  const response = await fetch(`${server.url}/metrics`);
  expect(response.headers.get('content-type')).toBe(metrics.contentType);
  expect(await response.text()).toContain('nodejs_version_info');
});

test('other paths and methods are answered, not served', async () => {
  expect(await get('/')).toEqual({
    status: 404,
    body: { error: 'not found', paths: ['/livez', '/readyz', '/metrics'] },
  });
  expect((await get('/livez', 'POST')).status).toBe(405);
  expect(await get('/livez', 'HEAD')).toEqual({ status: 200, body: '' });
});

test('closing cuts idle and stuck connections and may be asked twice', async () => {
  const stuck = connect(server.port, '127.0.0.1');
  await once(stuck, 'connect');
  stuck.write('GET /livez HTTP/1.1\r\n');
  await fetch(`${server.url}/livez`);
  const closed = once(stuck, 'close');
  stuck.on('error', () => {});
  await Promise.all([server.close(), server.close()]);
  await closed;
  await expect(fetch(`${server.url}/livez`)).rejects.toThrow('fetch failed');
});

test('a port that is taken is an error that names it and the remedy', async () => {
  const { logger } = createMemoryLogger();
  await expect(
    startOperationsServer({ port: server.port, host: '127.0.0.1', health, metrics, logger }),
  ).rejects.toThrow(`can't listen on 127.0.0.1:${server.port}; choose another TRUNKLINE_OPERATIONS_PORT`);
});
