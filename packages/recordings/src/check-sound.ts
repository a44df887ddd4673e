import { headBytes, promisedBytes, soundTypeOf } from './sound-type.ts';

/** What came is not the whole sound. It is not stored, and asked for again. */
export class BadSoundError extends Error {
  override readonly name = 'BadSoundError';
}

export interface SoundCheck {
  /** Passes bytes on and fails at the end of what is not whole, so that a storage never keeps it. */
  pass(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer>;
  /** Known once all bytes have passed. */
  readonly contentType: string;
}

/** Checks sound as it passes: that it is any, and that it is as long as the PBX and its own head say. */
export function checkSound(announcedBytes: number | null): SoundCheck {
  let contentType: string | null = null;
  async function* pass(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let head: Buffer = Buffer.alloc(0);
    let bytes = 0;
    for await (const chunk of source) {
      bytes += chunk.length;
      if (head.length < headBytes) {
        head = Buffer.concat([head, chunk.subarray(0, headBytes - head.length)]);
        if (head.length === headBytes) contentType = typeOf(head);
      }
      yield chunk;
    }
    contentType ??= typeOf(head);
    checkLength(bytes, announcedBytes, promisedBytes(head));
  }
  return {
    pass,
    get contentType() {
      if (contentType === null) throw new Error('what sound it is, is known when it has passed');
      return contentType;
    },
  };
}

function typeOf(head: Buffer): string {
  const type = head.length < headBytes ? null : soundTypeOf(head);
  if (type === null)
    throw new BadSoundError('What the PBX sent is no sound (WAV, MP3, Ogg or FLAC); look at how it records');
  return type;
}

/** A file may be longer than its head says: further pieces follow the sound. */
function checkLength(bytes: number, announced: number | null, promised: number | null): void {
  if (announced !== null && bytes !== announced)
    throw new BadSoundError(`The PBX announced ${announced} bytes and sent ${bytes}`);
  if (promised !== null && bytes < promised)
    throw new BadSoundError(`The sound says that it has ${promised} bytes, and ${bytes} came`);
}
