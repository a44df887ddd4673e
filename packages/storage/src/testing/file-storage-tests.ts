import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import type { FileStorage } from '../file-storage.ts';

const bytesMax = 1_000_000;
const read = async (storage: FileStorage, key: string): Promise<string> =>
  (await buffer(await storage.get(key))).toString();

/** What every storage must do, whatever is behind it. */
export function runFileStorageTests(open: () => FileStorage): void {
  it('gives back what was put, byte for byte, with its size and digest', async () => {
    const storage = open();
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256));
    const stored = await storage.put('a/whole.bin', Readable.from([bytes]), { bytesMax });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(stored).toEqual({ key: 'a/whole.bin', bytes: 70_000, sha256 });
    expect(await buffer(await storage.get('a/whole.bin'))).toEqual(bytes);
    const range = await storage.get('a/whole.bin', { range: { first: 3, last: 5 } });
    expect([...(await buffer(range))]).toEqual([3, 4, 5]);
    expect(await storage.size('a/whole.bin')).toBe(70_000);
  });

  it('replaces a file in one step, and keeps the old one where the new one breaks off', async () => {
    const storage = open();
    await storage.put('a/b', Readable.from(['old']), { bytesMax });
    const broken = Readable.from(
      (function* () {
        yield Buffer.from('ne');
        throw new Error('the line broke');
      })(),
    );
    await expect(storage.put('a/b', broken, { bytesMax })).rejects.toThrow('the line broke');
    expect(await read(storage, 'a/b')).toBe('old');
    await storage.put('a/b', Readable.from(['new']), { bytesMax });
    expect(await read(storage, 'a/b')).toBe('new');
  });

  it('refuses what is too large and keeps nothing of it', async () => {
    const storage = open();
    const large = storage.put('large', Readable.from(['12345', '678901']), { bytesMax: 10 });
    await expect(large).rejects.toMatchObject({ problem: 'too-large' });
    expect(await storage.size('large')).toBeNull();
    await storage.put('large', Readable.from(['12345', '67890']), { bytesMax: 10 });
  });

  it('deletes, also what is not there, and says what it does not know', async () => {
    const storage = open();
    await storage.put('gone', Readable.from(['x']), { bytesMax });
    await storage.delete('gone');
    await storage.delete('gone');
    expect(await storage.size('gone')).toBeNull();
    await expect(storage.get('gone')).rejects.toMatchObject({ problem: 'unknown' });
  });

  it.each([
    '',
    '/etc/passwd',
    '../up',
    'a/../../up',
    'a//b',
    'a/.hidden',
    'a/-rf',
    'a\\b',
    'a\0b',
    'C:/x',
    'a/x.part',
    'ä',
    'a'.repeat(600),
  ])('refuses the key %j', async (key) => {
    const storage = open();
    const refused = { problem: 'bad-key' };
    const put = async () => storage.put(key, Readable.from(['x']), { bytesMax });
    await expect(put()).rejects.toMatchObject(refused);
    await expect((async () => storage.get(key))()).rejects.toMatchObject(refused);
    await expect((async () => storage.delete(key))()).rejects.toMatchObject(refused);
  });
}
