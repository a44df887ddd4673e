import { describe, expect, it } from 'vitest';
import { ask } from '../testing/http.ts';
import { openSimulator, quiet } from '../testing/open-simulator.ts';
import { startControlApi } from './start-control-api.ts';

async function open(): Promise<
  AsyncDisposable & { call: (line: string, body?: unknown) => Promise<[number, unknown]> }
> {
  const simulator = await openSimulator({ dialect: 'yeastar' });
  const api = await startControlApi({ simulator, logger: quiet });
  return {
    async call(line, body) {
      const [method = 'GET', path = '/'] = line.split(' ');
      const { status, text } = await ask(`${api.url}${path}`, {
        method,
        ...(body === undefined ? {} : { body }),
      });
      return [status, text === '' ? null : JSON.parse(text)];
    },
    async [Symbol.asyncDispose]() {
      await api.close();
      await simulator.stop();
    },
  };
}

describe('[CONTROL1] the control interface', () => {
  it('says who the PBX is, and never its secret', async () => {
    await using api = await open();
    const [status, identity] = await api.call('GET /identity');
    expect([status, identity]).toEqual([
      200,
      {
        dialect: 'yeastar',
        username: 'trunkline',
        address: expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+$/) as string,
        certificate: {
          pem: expect.stringContaining('BEGIN CERTIFICATE') as string,
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        },
      },
    ]);
    expect(JSON.stringify(identity)).not.toContain('simulated-secret');
  });

  it('places a call, steers it to its end, and shows the ledger and the counters', async () => {
    await using api = await open();
    const [created, { key }] = (await api.call('POST /calls', {
      kind: 'internal',
      from: '1001',
      to: '1002',
    })) as [number, { key: string }];
    expect(created).toBe(201);
    for (const [verb, body] of [
      ['ring', undefined],
      ['answer', {}],
      ['hold', { by: '1002' }],
      ['resume', { by: '1002' }],
      ['record', undefined],
      ['join', { extension: '1003' }],
      ['hangUp', { by: '1003' }],
      ['transfer', { by: '1002', to: '1004', kind: 'attended' }],
      ['hangUp', undefined],
    ] as const)
      expect(await api.call(`POST /calls/${key}/${verb}`, body)).toEqual([204, null]);
    expect(await api.call('GET /ledger')).toMatchObject([
      200,
      {
        calls: [{ key, status: 'ended', extensions: ['1001', '1002', '1003', '1004'] }, { cause: 'normal' }],
      },
    ]);
    expect(await api.call('GET /counters')).toMatchObject([200, { calls: { placed: 2, ended: 2 } }]);
    expect(await api.call(`POST /calls/${key}/answer`)).toEqual([409, { error: `${key} is over` }]);
  });

  it('makes traffic, faults and peace', async () => {
    await using api = await open();
    expect(await api.call('PUT /traffic', { callsPerSecond: 50, ringMs: [5, 10], talkMs: [5, 10] })).toEqual([
      204,
      null,
    ]);
    expect(await api.call('POST /faults', { kind: 'frames', lose: 0.1 })).toEqual([204, null]);
    expect(await api.call('POST /faults', { kind: 'block', ms: 60_000 })).toEqual([204, null]);
    expect(await api.call('GET /status')).toEqual([
      200,
      {
        dialect: 'yeastar',
        openCalls: expect.any(Array) as object[],
        phones: expect.arrayContaining([
          { number: '1002', name: expect.any(String), status: expect.any(String) },
        ]) as object[],
        lostHangups: 0,
        calls: { placed: expect.any(Number) as number, ended: expect.any(Number) as number },
        sockets: 0,
        isUp: true,
        traffic: { callsPerSecond: 50, ringMs: [5, 10], talkMs: [5, 10] },
        faults: [{ kind: 'frames', lose: 0.1 }],
        blockedUntil: expect.any(Number) as number,
      },
    ]);
    const steps = [{ afterMs: 5, fault: 'heal' }];
    expect(await api.call('POST /faults', { kind: 'schedule', steps })).toEqual([204, null]);
    expect(await api.call('PUT /phones/1001', { registered: false })).toEqual([204, null]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await api.call('DELETE /traffic')).toEqual([204, null]);
    expect(await api.call('POST /settle')).toEqual([204, null]);
    expect(await api.call('DELETE /faults')).toEqual([204, null]);
    const [, { calls }] = (await api.call('GET /counters')) as [
      number,
      { calls: { placed: number; ended: number } },
    ];
    expect(calls.placed).toBeGreaterThan(0);
    expect(calls.ended).toBe(calls.placed);
  });

  it.each([
    ['POST /faults', { kind: 'frames', lose: 2 }, 400, 'lose'],
    ['POST /faults', { kind: 'explode' }, 400, 'explode'],
    ['POST /faults', '{', 400, 'no JSON'],
    ['PUT /traffic', { callsPerSecond: 1, busy: 0.7, noAnswer: 0.7 }, 400, 'more than all calls'],
    ['PUT /traffic', { callsPerSecond: 1, ringMs: [9, 1] }, 400, 'the shortest comes first'],
    ['POST /calls', { kind: 'internal', from: '1001', to: '9999' }, 409, '9999 is not an extension'],
    ['POST /calls', { kind: 'internal', from: 'bob', to: '1001' }, 400, 'a telephone number'],
    ['POST /calls/none/ring', {}, 404, 'no call none was placed here'],
    ['PUT /ledger', {}, 405, 'GET /ledger'],
    ['GET /nothing', undefined, 404, 'GET /counters'],
    ['PUT /phones/7', { registered: true }, 409, 'there is no extension 7'],
  ])('answers %s %j with %i and explains it', async (line, body, status, explanation) => {
    await using api = await open();
    const [answered, error] = await api.call(line, body);
    expect(answered).toBe(status);
    expect(JSON.stringify(error)).toContain(explanation);
  });
});
