export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** [RFC 9110, 14.1.2] one range of bytes; everything else in that header may be passed over, and is. */
const shape = /^bytes=(\d{0,15})-(\d{0,15})$/;

/** null: the whole. `unsatisfiable`: none of what is asked for is there. */
export function byteRange(header: string | undefined, bytes: number): ByteRange | null | 'unsatisfiable' {
  const [, from = '', to = ''] = shape.exec(header ?? '') ?? [];
  if (from === '' && to === '') return null;
  if (from === '') {
    const suffix = Math.min(Number(to), bytes);
    return suffix === 0 ? 'unsatisfiable' : { first: bytes - suffix, last: bytes - 1 };
  }
  const first = Number(from);
  if (to !== '' && Number(to) < first) return null;
  if (first >= bytes) return 'unsatisfiable';
  return { first, last: to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1) };
}
