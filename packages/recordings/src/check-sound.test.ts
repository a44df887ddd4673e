import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { BadSoundError, checkSound } from './check-sound.ts';

function wave(bytes: number, claimed = bytes + 36): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(claimed, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  return Buffer.concat([head, Buffer.alloc(bytes, 7)]);
}

async function passed(chunks: readonly Buffer[], announced: number | null = null) {
  const check = checkSound(announced);
  const out = await buffer(Readable.from(check.pass(Readable.from(chunks))));
  return { out, type: check.contentType };
}

it('sound passes as it is, in pieces of any size', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(200), fc.integer({ min: 1, max: 64 }), async (bytes, size) => {
      const sound = wave(bytes);
      const chunks = Array.from({ length: Math.ceil(sound.length / size) }, (_, index) =>
        sound.subarray(index * size, (index + 1) * size),
      );
      expect(await passed(chunks, sound.length)).toEqual({ out: sound, type: 'audio/wav' });
    }),
    { numRuns: 30 },
  );
});

it('knows the kinds that PBXs write by how they begin', async () => {
  const rest = Buffer.alloc(20);
  const type = async (head: string | readonly number[]) =>
    (await passed([Buffer.concat([typeof head === 'string' ? Buffer.from(head) : Buffer.from(head), rest])]))
      .type;
  expect(await type('ID3')).toBe('audio/mpeg');
  expect(await type([0xff, 0xfb])).toBe('audio/mpeg');
  expect(await type('OggS')).toBe('audio/ogg');
  expect(await type('fLaC')).toBe('audio/flac');
});

it.each([
  ['nothing', [], null, 'no sound'],
  ['an error in JSON', [Buffer.from('{"errcode":10004,"errmsg":"ACCESS TOKEN EXPIRED"}')], null, 'no sound'],
  ['a page', [Buffer.from('<html>not found, sorry</html>')], null, 'no sound'],
  ['less than was announced', [wave(10)], 100, 'announced 100 bytes and sent 54'],
  ['more than was announced', [wave(10)], 50, 'announced 50 bytes and sent 54'],
  ['less than its head says', [wave(10, 1_000)], null, 'says that it has 1008 bytes, and 54 came'],
] as const)('refuses %s', async (_what, chunks, announced, problem) => {
  const refused = passed(chunks, announced);
  await expect(refused).rejects.toThrow(BadSoundError);
  await expect(refused).rejects.toThrow(problem);
});

it('takes a WAV whose length was left open', async () => {
  expect((await passed([wave(10, 0)])).type).toBe('audio/wav');
  expect((await passed([wave(10, 0xff_ff_ff_ff)])).type).toBe('audio/wav');
});
