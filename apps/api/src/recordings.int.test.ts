import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSoundLinks } from './recordings/sound-links.ts';
import { addRecording } from './testing/seed-tenant.ts';
import { ApiLab } from './testing/index.ts';

let lab: ApiLab;
let id: string;
beforeAll(async () => {
  lab = await ApiLab.open();
  id = await addRecording(lab, 'acme', '+4930123456.wav');
});
afterAll(() => lab[Symbol.asyncDispose]());

async function linkTo(recording: string, body = {}, user = 'ana'): Promise<string> {
  const token = await lab.token(['recordings:read'], { user });
  const answer = await lab.post(`/v1/recordings/${recording}/links`, token, body);
  expect(answer.status).toBe(201);
  return answer.body['path'] as string;
}

const sound = async (path: string, range?: string) => {
  const answer = await fetch(`${lab.api.url}${path}`, { headers: range === undefined ? {} : { range } });
  return { answer, bytes: [...new Uint8Array(await answer.arrayBuffer())] };
};

const audit = () =>
  lab.query<{ actor: string; action: string; outcome: string; details: string }>(
    'select actor, action, outcome, details from operator_action where target = $1 order by at, id',
    [id],
  );

it('a link plays the whole, any range of it, and downloads it; who heard what is in the audit', async () => {
  const path = await linkTo(id);
  const whole = await sound(path);
  expect(whole.answer.status).toBe(200);
  expect(whole.bytes).toHaveLength(1_000);
  expect(Object.fromEntries(whole.answer.headers)).toMatchObject({
    'content-type': 'audio/wav',
    'content-length': '1000',
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-store',
    'x-content-type-options': 'nosniff',
  });
  expect(whole.answer.headers.has('content-disposition')).toBe(false);
  const part = await sound(path, 'bytes=10-12');
  expect([part.answer.status, part.answer.headers.get('content-range'), part.bytes]).toEqual([
    206,
    'bytes 10-12/1000',
    [10, 11, 12],
  ]);
  const tail = await sound(path, 'bytes=-2');
  expect([tail.answer.status, tail.bytes]).toEqual([206, [998 % 256, 999 % 256]]);
  const beyond = await sound(path, 'bytes=1000-');
  expect([beyond.answer.status, beyond.answer.headers.get('content-range')]).toEqual([416, 'bytes */1000']);

  const file = await sound(await linkTo(id, { download: true }, 'ben'));
  expect(file.answer.headers.get('content-disposition')).toBe(`attachment; filename="${id}.wav"`);
  expect((await audit()).map(({ actor, action, outcome }) => `${actor} ${action} ${outcome}`)).toEqual([
    'ana recording.link done',
    'ana recording.play done',
    'ana recording.play done',
    'ana recording.play done',
    'ben recording.link done',
    'ben recording.download done',
  ]);
});

it('no link that was changed, sealed with another secret or for another tenant leads anywhere', async () => {
  const path = await linkTo(id);
  const forged = await createSoundLinks('x'.repeat(40)).seal({
    recording: id,
    tenant: lab.tenant('acme'),
    user: 'eve',
    download: false,
  });
  const foreign = await lab.opened.context.soundLinks?.seal({
    recording: id,
    tenant: lab.tenant('other'),
    user: 'eve',
    download: false,
  });
  const bad = [`${path.slice(0, -2)}xx`, `/v1/recording-sound/${forged}`, `/v1/recording-sound/${foreign}`];
  for (const each of bad) expect((await sound(each)).answer.status).toBe(404);
});

it('what is not stored has no link, and a link to what was deleted ends with it', async () => {
  await lab.hear('acme', 'recording.ready', { recording: 'new.wav' });
  const token = await lab.token(['recordings:read', 'recordings:delete']);
  const { body } = await lab.ask('/v1/recordings?status=pending', { token });
  const [pending] = body['items'] as { id: string; status: string }[];
  const refused = await lab.post(`/v1/recordings/${pending?.id}/links`, token, {});
  expect([refused.status, refused.body['reason']]).toEqual([409, 'pending']);

  const gone = await addRecording(lab, 'acme', 'gone.wav');
  const path = await linkTo(gone);
  for (const outcome of ['deleted', 'deleted'])
    expect((await lab.ask(`/v1/recordings/${gone}`, { method: 'DELETE', token })).body).toEqual({ outcome });
  const { answer } = await sound(path);
  expect(answer.status).toBe(409);
  expect((await lab.ask(`/v1/recordings/${gone}`, { token })).body).toMatchObject({ status: 'deleted' });
});

it('the name that the PBX gave it shows no number to whoever may see none', async () => {
  const plain = await addRecording(lab, 'acme', '20261130101500-0301234567-1000-Inbound.wav');
  const nameFor = async (scopes: readonly string[]) => {
    const token = await lab.token([...scopes]);
    const one = await lab.ask(`/v1/recordings/${plain}`, { token });
    const listed = await lab.ask('/v1/recordings', { token });
    const items = listed.body['items'] as { id: string; recording: string }[];
    return [one.body['recording'], items.find((item) => item.id === plain)?.recording];
  };
  const seen = await nameFor(['recordings:read', 'numbers:read']);
  expect(seen).toEqual(Array.from({ length: 2 }, () => '20261130101500-0301234567-1000-Inbound.wav'));
  const hidden = await nameFor(['recordings:read']);
  expect(hidden.join()).not.toContain('0301234567');
  expect(hidden[0]).toBe(hidden[1]);
});
