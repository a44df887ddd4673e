/** Kinds of sound that PBXs write and browsers play, by how their files begin. */
const beginnings: readonly { readonly type: string; readonly matches: (head: Buffer) => boolean }[] = [
  { type: 'audio/wav', matches: (head) => text(head, 0, 4) === 'RIFF' && text(head, 8, 12) === 'WAVE' },
  { type: 'audio/ogg', matches: (head) => text(head, 0, 4) === 'OggS' },
  { type: 'audio/flac', matches: (head) => text(head, 0, 4) === 'fLaC' },
  { type: 'audio/mpeg', matches: (head) => text(head, 0, 3) === 'ID3' || isMpegFrame(head) },
];

/** So many bytes tell what a file is and, of a WAV, how long it should be. */
export const headBytes = 12;

/** null for what is no sound that we know: an error page, say, whatever its content type claims. */
export const soundTypeOf = (head: Buffer): string | null =>
  beginnings.find(({ matches }) => matches(head))?.type ?? null;

/** Recorders that write as they go leave the length open. */
const openLengths: ReadonlySet<number> = new Set([0, 0xff_ff_ff_ff]);

/** How many bytes a WAV says that it has; null where it does not say. */
export function promisedBytes(head: Buffer): number | null {
  if (soundTypeOf(head) !== 'audio/wav') return null;
  const length = head.readUInt32LE(4);
  return openLengths.has(length) ? null : length + 8;
}

const text = (head: Buffer, from: number, to: number): string => head.toString('latin1', from, to);

/** Eleven set bits, and a layer. */
const isMpegFrame = (head: Buffer): boolean =>
  head.length > 1 && head[0] === 0xff && ((head[1] ?? 0) & 0xe0) === 0xe0 && ((head[1] ?? 0) & 0x06) !== 0;
