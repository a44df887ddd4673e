import { connect } from 'node:net';
import { runImport } from '@trunkline/contacts';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ApiLab } from './testing/index.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let lab: ApiLab;
let supervisor: string;
let agent: string;
beforeAll(async () => {
  lab = await ApiLab.open({ env: { TRUNKLINE_IMPORT_BYTES: '100000' }, requestMs: 1_000 });
  [supervisor, agent] = [await lab.token('supervisor'), await lab.token('agent')];
  await lab.query(`update tenant set default_country = 'DE'`);
});
afterAll(() => lab[Symbol.asyncDispose]());

const add = (body: object) => lab.post('/v1/contacts', supervisor, body);
const upload = (body: string, token = supervisor, type = 'text/csv') =>
  lab.post('/v1/imports?fileName=people.csv', token, body, { 'content-type': type });
const idOf = ({ body }: { readonly body: Record<string, unknown> }): string => String(body['id']);

/** Stands for a worker. */
const work = (id: string) => {
  const { database, storage } = lab.opened.context;
  return runImport({ database, storage, relay: () => Promise.resolve() }, id);
};

it('a contact is normalised, found by parts of it, changed by whoever has seen it last, and names its calls', async () => {
  const written = {
    name: ' Ada\u00a0Lovelace ',
    email: 'Ada@Example.COM',
    numbers: [{ number: '030 123456', label: 'work' }],
  };
  const ada = await add(written);
  expect(ada).toMatchObject({
    status: 201,
    body: { email: 'ada@example.com', numbers: [{ number: '+4930123456', label: 'work' }], revision: 1 },
  });
  await add({ name: 'Zoe', company: '100%_sure', numbers: [{ number: '+44 20 7946 0000' }] });
  const found = async (query: string) => {
    const { body } = await lab.ask(`/v1/contacts?${query}`, { token: supervisor });
    return (body['items'] as { name: string }[]).map(({ name }) => name);
  };
  expect(await found('search=LOVE')).toEqual(['Ada Lovelace']);
  expect(await found('search=030%20123')).toEqual(['Ada Lovelace']);
  expect(await found(`search=${encodeURIComponent('+4420')}`)).toEqual(['Zoe']);
  expect(await found(`search=${encodeURIComponent('%_')}`)).toEqual(['Zoe']);
  const first = await lab.ask('/v1/contacts?limit=1', { token: supervisor });
  expect(await found(`limit=1&after=${String(first.body['next'])}`)).toEqual(['Zoe']);

  const path = `/v1/contacts/${idOf(ada)}`;
  const change = (body: object) => lab.ask(path, { method: 'PATCH', token: supervisor, body });
  expect(await change({ revision: 1, company: 'Engines' })).toMatchObject({
    status: 200,
    body: { revision: 2 },
  });
  expect((await change({ revision: 1, company: 'Others' })).status).toBe(409);
  const wrong = await change({ revision: 2, numbers: [{ number: 'none' }], email: 'nobody' });
  expect(wrong.status).toBe(422);
  expect(String(wrong.body['detail'])).toMatch(/nobody.*none/);

  await lab.hear('acme', 'call.ringing', { call: 'named', extensions: [], caller: { number: '030123456' } });
  for (const token of [supervisor, agent]) {
    const { body } = await lab.ask('/v1/calls', { token });
    const [call] = body['items'] as { pbx: string }[];
    const parties = {
      call: 'named',
      callerContact: { contact: idOf(ada), name: 'Ada Lovelace', company: 'Engines', label: 'work' },
      calleeContact: null,
    };
    expect(call).toMatchObject(parties);
    const asked = `call=${call?.pbx}/named&call=${call?.pbx}/nothing`;
    const told = await lab.ask(`/v1/calls/parties?${asked}`, { token });
    expect(told.body).toEqual({ items: [{ pbx: call?.pbx, ...parties }] });
  }
  expect((await lab.ask('/v1/calls/parties?call=named', { token: agent })).status).toBe(400);
  expect((await lab.ask(`${path}?revision=1`, { method: 'DELETE', token: supervisor })).status).toBe(409);
  expect((await lab.ask(`${path}?revision=2`, { method: 'DELETE', token: supervisor })).status).toBe(200);
  expect((await lab.ask(path, { token: supervisor })).status).toBe(404);
});

it('whoever may not see numbers finds none out, and stores no masked ones', async () => {
  const { body } = await lab.ask('/v1/contacts', { token: agent });
  expect(JSON.stringify(body)).not.toContain('2079460000');
  const search = await lab.ask('/v1/contacts?search=4420', { token: agent });
  expect([search.status, search.body['scope']]).toEqual([403, 'numbers:read']);
  const [zoe] = body['items'] as { id: string; numbers: object[] }[];
  const writer = await lab.token(['contacts:read', 'contacts:write']);
  const change = { method: 'PATCH', token: writer, body: { revision: 1, numbers: zoe?.numbers } };
  expect((await lab.ask(`/v1/contacts/${zoe?.id}`, change)).status).toBe(403);
});

it('a file is taken in, previewed as somebody wishes, started, and gives back what it refused', async () => {
  const taken = await upload('Kim;+4930777777;=1+1\nEve;none;x\n');
  expect(taken).toMatchObject({ status: 201, body: { state: 'uploaded', fileName: 'people.csv' } });
  const path = `/v1/imports/${idOf(taken)}`;
  const preview = await lab.ask(`${path}/preview?columns=name,phone,notes`, { token: supervisor });
  expect(preview.body).toMatchObject({ delimiter: ';', hasHeader: false, country: 'DE' });
  expect(preview.body['columns']).toMatchObject([
    { target: 'name' },
    { target: 'phone' },
    { target: 'notes' },
  ]);
  const writer = await lab.token(['contacts:write']);
  expect((await lab.ask(`${path}/preview`, { token: writer })).text).not.toContain('30777777');

  const wishes = { columns: ['name', 'phone', 'notes'], policy: 'update' };
  expect((await lab.post(`${path}/start`, supervisor, wishes)).status).toBe(202);
  expect((await lab.post(`${path}/start`, supervisor, wishes)).status).toBe(409);
  await work(idOf(taken));
  expect((await lab.ask(path, { token: agent })).body).toMatchObject({
    state: 'complete',
    created: 1,
    rejected: 1,
  });
  const rejected = await lab.ask(`${path}/rejected`, { token: supervisor });
  expect(rejected.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(rejected.text.split('\r\n')[1]).toMatch(/^2,.*none.*,Eve,none,x$/);
  expect((await lab.post(`${path}/cancel`, supervisor)).status).toBe(409);
  expect((await lab.ask(`${path}/rejected`, { token: agent })).status).toBe(403);
});

it('what is too large, of another kind, empty or no table is refused with the reason', async () => {
  expect((await upload('x'.repeat(200_000))).status).toBe(413);
  expect((await upload('name\n', supervisor, 'application/json')).status).toBe(400);
  expect((await upload('name\n', supervisor, 'image/png')).status).toBe(415);
  expect((await lab.post('/v1/contacts', supervisor, 'name\n', { 'content-type': 'text/csv' })).status).toBe(
    415,
  );
  const empty = await upload(' ');
  const preview = await lab.ask(`/v1/imports/${idOf(empty)}/preview`, { token: supervisor });
  expect([preview.status, preview.body['reason']]).toEqual([422, 'file']);
  expect((await upload('name\n', agent)).status).toBe(403);
});

it('a body that does not come in time is given up, unless it is a file', async () => {
  const { port } = new URL(lab.api.url);
  const slow = (path: string, type: string) => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => undefined);
    let answer = '';
    socket.on('data', (piece: Buffer) => {
      answer += piece.toString();
    });
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${supervisor}\r\ncontent-type: ${type}\r\ncontent-length: 40\r\n\r\nname,`,
    );
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    return { socket, closed, answer: () => answer };
  };
  const file = slow('/v1/imports', 'text/csv');
  const json = slow('/v1/contacts', 'application/json');
  await json.closed;
  expect(json.answer()).toContain('408');
  expect(file.answer()).toBe('');
  file.socket.write(`${'phone,'.repeat(5)}email`);
  await vi.waitFor(() => expect(file.answer()).toContain(' 201 '), { timeout: 20_000 });
  file.socket.destroy();
});
