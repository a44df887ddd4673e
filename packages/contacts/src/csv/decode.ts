import type { Encoding } from './detect-encoding.ts';

/** Text of bytes, without its mark. What is no letter in the encoding becomes U+FFFD, by which rows are refused that hold it. */
export function decodeSample(sample: Uint8Array, encoding: Encoding): string {
  // A letter that is cut at the end of a sample is not told.
  return new TextDecoder(encoding).decode(sample, { stream: true });
}

/** The bytes of a file as UTF-8, whatever they were, and how many were read. */
export async function* decodeFile(
  source: AsyncIterable<Buffer>,
  encoding: Encoding,
  count: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of source) {
    count(chunk.length);
    const text = decoder.decode(chunk, { stream: true });
    if (text !== '') yield Buffer.from(text);
  }
  const rest = decoder.decode();
  if (rest !== '') yield Buffer.from(rest);
}
