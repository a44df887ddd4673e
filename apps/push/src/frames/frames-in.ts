/** The texts of whole frames as `encodeFrame` builds them, for whoever has no use for the frames. */
export function* framesIn(bytes: Buffer): Generator<string> {
  for (let at = 0; at < bytes.length;) {
    const short = bytes.readUInt8(at + 1);
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    const length =
      head === 2 ? short : head === 4 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
    yield bytes.toString('utf8', at + head, at + head + length);
    at += head + length;
  }
}
