import { createLogger } from '@trunkline/service-kit';
import { describe, expect, it } from 'vitest';
import type { ApiSite } from './call-api.ts';
import { PbxClock } from './pbx-clock.ts';
import { Rest } from './rest.ts';
import { MemorySession } from './testing/memory-session.ts';
import { restingPbx, ScriptedPbx } from './testing/scripted-pbx.ts';
import { Tokens } from './tokens.ts';

const logger = createLogger({ name: 'test', level: 'silent', redactPhoneNumbers: false });
const never = new AbortController().signal;
const start = 1_800_000_000_000;

function open(pbx: ScriptedPbx, store = new MemorySession(), now = { ms: start }, signal = never) {
  const site: ApiSite = { endpoint: pbx.endpoint, answerMs: 5_000, clock: new PbxClock(), now: () => now.ms };
  const tokens = new Tokens({
    site,
    credential: { username: 'id', secret: 's3cret' },
    store,
    logger,
    signal,
  });
  return { tokens, rest: new Rest(site, tokens, signal), store, now };
}

describe('tokens of a scripted PBX', () => {
  it('are taken once, kept, and used again by the next process', async () => {
    await using pbx = await ScriptedPbx.start(restingPbx());
    const first = open(pbx);
    expect(await first.tokens.open()).toBe('access-1');
    expect(pbx.asked[0]).toMatchObject({
      name: 'get_token',
      userAgent: 'OpenAPI',
      body: { username: 'id', password: 's3cret' },
    });
    expect(first.store.expiresAt).toBe(start + 86_400_000);
    const second = open(pbx, first.store);
    expect(await second.tokens.open()).toBe('access-1');
    expect(pbx.count('get_token')).toBe(1);
  });

  it('are refreshed when the kept one has ended, and asked for anew only when that is refused', async () => {
    await using pbx = await ScriptedPbx.start(restingPbx());
    const { store } = open(pbx);
    await open(pbx, store).tokens.open();
    expect(await open(pbx, store, { ms: start + 1_800_000 }).tokens.open()).toBe('access-2');
    expect(pbx.count('get_token')).toBe(1);
    pbx.script = restingPbx({ refresh_token: () => ({ errcode: 10004 }) });
    expect(await open(pbx, store, { ms: start + 3_700_000 }).tokens.open()).toBe('access-1');
    expect(pbx.count('get_token')).toBe(2);
    expect(await open(pbx, store, { ms: start + 200_000_000 }).tokens.open()).toBe('access-2');
    expect(pbx.count('refresh_token')).toBe(2);
  });

  it('are renewed once for all who wait, and the request is repeated once', async () => {
    const good = new Set(['access-2']);
    await using pbx = await ScriptedPbx.start(
      restingPbx({
        'system/information': ({ query }) => ({ errcode: good.has(query.access_token ?? '') ? 0 : 10004 }),
      }),
    );
    const { tokens, rest } = open(pbx);
    await tokens.open();
    const call = { name: 'system/information' };
    const answers = await Promise.all([1, 2, 3, 4].map(() => rest.ask(call, never)));
    expect(answers.map(({ errcode }) => errcode)).toEqual([0, 0, 0, 0]);
    expect(pbx.count('refresh_token')).toBe(1);
    good.clear();
    expect(await rest.ask(call, never)).toMatchObject({ errcode: 10004 });
    expect(pbx.count('refresh_token')).toBe(2);
  });

  it('a refused login is not made again, and says nothing of the secret', async () => {
    await using pbx = await ScriptedPbx.start(
      restingPbx({ get_token: () => ({ errcode: 1, errmsg: 'NO' }) }),
    );
    const { tokens } = open(pbx);
    const refused = {
      fault: { kind: 'credentials' },
      message: expect.not.stringContaining('s3cret') as string,
    };
    await expect(tokens.open()).rejects.toMatchObject(refused);
    await expect(tokens.current()).rejects.toMatchObject(refused);
    expect(pbx.count('get_token')).toBe(1);
  });

  it.each([
    [{ errcode: 10001 }, 'protocol'],
    [{ errcode: 10005 }, 'forbidden'],
    [{ errcode: 70087 }, 'forbidden'],
    [{ errcode: 70082 }, 'starting'],
    [{ errcode: -2 }, 'starting'],
    [{ errcode: 60002 }, 'crowded'],
    [{ errcode: 70004 }, 'blocked'],
    [{ errcode: 40002 }, 'credentials'],
    [{ errcode: 10004 }, 'credentials'],
    [{ errcode: 0 }, 'protocol'],
    [503, 'starting'],
    [404, 'protocol'],
    [403, 'forbidden'],
  ])('the answer %j to a login means %s', async (answer, kind) => {
    await using pbx = await ScriptedPbx.start(restingPbx({ get_token: () => answer }));
    await expect(open(pbx).tokens.open()).rejects.toMatchObject({ fault: { kind } });
    expect(pbx.asked).toHaveLength(1);
  });

  it('nothing is asked during a block', async () => {
    const now = { ms: Date.now() };
    const until = Math.ceil(now.ms / 1000) + 600;
    await using pbx = await ScriptedPbx.start(
      restingPbx({ get_token: () => ({ errcode: 70004, block_expire_time: until }) }),
    );
    const { tokens } = open(pbx, new MemorySession(), now);
    await expect(tokens.open()).rejects.toMatchObject({ fault: { kind: 'blocked', until: until * 1000 } });
    await expect(tokens.current()).rejects.toMatchObject({ fault: { kind: 'blocked' } });
    expect(pbx.asked).toHaveLength(1);
    now.ms = until * 1000 + 1;
    pbx.script = restingPbx();
    expect(await tokens.current()).toBe('access-1');
  });

  it('are refreshed in time by themselves', async () => {
    const shortLife = () => ({
      errcode: 0,
      access_token: `access-${Math.random()}`,
      access_token_expire_time: 1,
      refresh_token: 'r',
      refresh_token_expire_time: 100,
    });
    await using pbx = await ScriptedPbx.start(restingPbx({ get_token: shortLife, refresh_token: shortLife }));
    const life = new AbortController();
    const site: ApiSite = { endpoint: pbx.endpoint, answerMs: 5_000, clock: new PbxClock(), now: Date.now };
    const store = new MemorySession();
    const tokens = new Tokens({
      site,
      credential: { username: 'i', secret: 's' },
      store,
      logger,
      signal: life.signal,
    });
    const first = await tokens.open();
    tokens.keepFresh();
    await expect.poll(() => pbx.count('refresh_token'), { timeout: 10_000 }).toBeGreaterThan(1);
    tokens.stop();
    expect(await tokens.current()).not.toBe(first);
    expect(pbx.count('get_token')).toBe(1);
  });

  it('are carried through to the store although whoever waited has gone', async () => {
    const life = new AbortController();
    const resting = restingPbx();
    await using pbx = await ScriptedPbx.start((asked) => {
      life.abort();
      return resting(asked);
    });
    const { tokens, store } = open(pbx, new MemorySession(), { ms: start }, life.signal);
    await expect(tokens.open()).rejects.toMatchObject({ fault: { kind: 'closed' } });
    await expect.poll(() => store.text).toContain('access-1');
  });

  it('are given back, and forgotten', async () => {
    await using pbx = await ScriptedPbx.start(restingPbx());
    const { tokens, store } = open(pbx);
    await tokens.open();
    await tokens.release();
    expect(pbx.asked.at(-1)).toMatchObject({ name: 'del_token', query: { access_token: 'access-1' } });
    expect(store.text).toBeNull();
  });
});
