import { Validator } from '@seriousme/openapi-schema-validator';
import { scopes } from '@trunkline/access';
import { areasOf } from '@trunkline/api';
import { ApiLab, type Answer } from '@trunkline/api/testing';
import { createSimulator, startControlApi, type ControlApi, type Simulator } from '@trunkline/pbx-simulator';
import { createMemoryLogger } from '@trunkline/service-kit/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const { logger } = createMemoryLogger();
let simulator: Simulator;
let control: ControlApi;
let lab: ApiLab;
let token: string;
beforeAll(async () => {
  const traffic = { callsPerSecond: 0, ringMs: [5, 10] as const, mix: { internal: 1 } };
  simulator = await createSimulator({ dialect: 'yeastar', logger, extensions: 4, traffic });
  control = await startControlApi({ simulator, logger });
  lab = await ApiLab.open({
    areas: areasOf,
    env: { TRUNKLINE_CONSOLE_ENVIRONMENT: 'development', TRUNKLINE_API_SIMULATOR_URL: control.url },
  });
  token = await lab.token(['ops:write', 'numbers:read']);
});
afterAll(async () => {
  await lab[Symbol.asyncDispose]();
  await control.close();
  await simulator.stop();
});

const act = (body: unknown): Promise<Answer> => lab.post('/v1/simulator/actions', token, body);
const status = async (): Promise<Record<string, unknown>> => (await lab.ask('/v1/simulator', { token })).body;

it('is steered by a closed list of actions, each with bounds, and tells how it stands', async () => {
  expect((await lab.ask('/console/config.json')).body).toMatchObject({ simulator: true });
  const started = await act({ action: 'start-call', kind: 'inbound', from: '+31611223344', to: '1001' });
  const call = started.body['call'] as string;
  expect(started).toMatchObject({ status: 200, body: { done: true, call: expect.any(String) as string } });
  const ringing = { call, status: 'ringing', from: '+31611223344', to: '+31205551001', extensions: ['1001'] };
  expect(await status()).toMatchObject({
    dialect: 'yeastar',
    isUp: true,
    openCalls: [ringing],
    calls: { open: 1, placed: 1, ended: 0 },
    phones: expect.arrayContaining([
      expect.objectContaining({ number: '1001', status: 'ringing' }),
    ]) as object[],
  });
  await act({ action: 'answer-call', call });
  await act({ action: 'lose-hangups' });
  await act({ action: 'hang-up-call', call });
  expect(await act({ action: 'hang-up-call', call })).toMatchObject({
    status: 409,
    body: { reason: 'simulator', detail: expect.stringContaining('is over') as string },
  });

  await act({ action: 'traffic', callsPerSecond: 3 });
  await act({ action: 'freeze' });
  await act({ action: 'corrupt-frames', share: 0.5 });
  await act({ action: 'block-address', seconds: 60 });
  expect(simulator.control.status().traffic).toMatchObject({ callsPerSecond: 3, mix: { internal: 1 } });
  await act({ action: 'traffic', callsPerSecond: 0 });
  expect(await status()).toMatchObject({
    callsPerSecond: 0,
    lostHangups: 1,
    faults: [
      { action: 'lose-hangups', details: { share: 1 } },
      { action: 'freeze', details: { acceptNone: true } },
      { action: 'corrupt-frames', details: { share: 0.5, instead: true } },
    ],
    blockedUntil: expect.stringMatching(/Z$/) as string,
  });
  await act({ action: 'restart', downSeconds: 60 });
  expect(await status()).toMatchObject({ isUp: false });
  await act({ action: 'clear-faults' });
  expect(await status()).toMatchObject({ isUp: true, faults: [], blockedUntil: null });
  await act({ action: 'drop' });
});

it.each([
  [{ action: 'explode' }, 422],
  [{ action: 'traffic', callsPerSecond: 1_000 }, 422],
  [{ action: 'drop', how: 'reset', path: '/identity' }, 422],
  [{ action: 'answer-call', call: '../faults' }, 422],
  [{ action: 'answer-call', call: 'none' }, 404],
  [{ action: 'start-call', from: '1001', to: '9999', kind: 'internal' }, 409],
  [{ action: 'start-call', from: 'http://evil.example', to: '1001' }, 422],
  [[], 422],
])('%j is answered with %i', async (body, expected) => {
  expect((await act(body)).status).toBe(expected);
});

it('is for whoever may change things, described, and in the audit', async () => {
  const reader = await lab.token(scopes.filter((scope) => scope !== 'ops:write'));
  for (const answer of [
    await lab.ask('/v1/simulator', { token: reader }),
    await lab.post('/v1/simulator/actions', reader, { action: 'drop' }),
  ])
    expect([answer.status, answer.body['scope']]).toEqual([403, 'ops:write']);
  expect((await lab.ask('/v1/simulator')).status).toBe(401);
  const masked = await lab.post('/v1/simulator/actions', await lab.token(['ops:write']), {
    action: 'start-call',
    from: '+31611223344',
    to: '1002',
  });
  expect(masked.status).toBe(200);
  const seen = await lab.ask('/v1/simulator', { token: await lab.token(['ops:write']) });
  expect(seen.text).not.toContain('611223344');

  const { body } = await lab.ask('/openapi.json');
  expect(body['paths']).toHaveProperty('/v1/simulator/actions');
  expect(await new Validator().validate(structuredClone(body))).toMatchObject({ valid: true });
  const audit = await lab.ask('/v1/audit?action=simulator.block-address', {
    token: await lab.token(['ops:read']),
  });
  expect(audit.body['items']).toMatchObject([{ actor: 'ana', outcome: 'done', details: { seconds: 60 } }]);
});

it('says so when there is none', async () => {
  await control.close();
  expect(await act({ action: 'drop' })).toMatchObject({ status: 503 });
  expect((await lab.ask('/v1/simulator', { token })).headers.get('retry-after')).toBe('2');
});
