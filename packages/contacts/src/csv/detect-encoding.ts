export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export type Encoding = (typeof encodings)[number];

/** Of the units of a sample so many halves must be NUL before it counts as UTF-16 without a mark. */
const nulShareMin = 0.3;

/**
 * How the bytes of a file are letters: by its mark; else by where its NULs are, since half of each letter of western UTF-16 is one; else UTF-8,
 * if all of the file is that, which no other encoding is by chance; else the one of western spreadsheets, in which every byte is a letter.
 */
export function detectEncoding(sample: Uint8Array, isUtf8: boolean): Encoding {
  const [first, second, third] = sample;
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  const { even, odd, units } = nulsOf(sample);
  if (odd > units * nulShareMin && even < odd / 4) return 'utf-16le';
  if (even > units * nulShareMin && odd < even / 4) return 'utf-16be';
  return isUtf8 ? 'utf-8' : 'windows-1252';
}

function nulsOf(sample: Uint8Array) {
  let [even, odd] = [0, 0];
  for (let index = 0; index < sample.length; index += 1) {
    if (sample[index] !== 0) continue;
    if (index % 2 === 0) even += 1;
    else odd += 1;
  }
  return { even, odd, units: Math.ceil(sample.length / 2) };
}
