import { createHash } from 'node:crypto';
import { StorageError } from './file-storage.ts';

export interface Measured {
  readonly bytes: number;
  readonly sha256: string;
}

/** Passes bytes on, counts and digests them, and ends a stream that is too large before the rest of it is read. */
export function createMeasure(bytesMax: number) {
  const hash = createHash('sha256');
  let bytes = 0;
  return {
    async *pass(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const chunk of source) {
        bytes += chunk.length;
        if (bytes > bytesMax)
          throw new StorageError('too-large', `The file is larger than ${bytesMax} bytes; send it in parts`);
        hash.update(chunk);
        yield chunk;
      }
    },
    result: (): Measured => ({ bytes, sha256: hash.digest('hex') }),
  };
}
