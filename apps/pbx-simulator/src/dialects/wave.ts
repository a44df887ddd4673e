const RATE = 8_000;
const SECONDS = 1;
const TONE_HZ = 440;
const HEADER_BYTES = 44;

/** A second of a tone: a recording that can be played, and small. 8 kHz, 16 bit, mono. */
export function toneWave(): Buffer {
  const samples = RATE * SECONDS;
  const wave = Buffer.alloc(HEADER_BYTES + samples * 2);
  wave.write('RIFF', 0, 'latin1');
  wave.writeUInt32LE(wave.length - 8, 4);
  wave.write('WAVEfmt ', 8, 'latin1');
  wave.writeUInt32LE(16, 16);
  wave.writeUInt16LE(1, 20);
  wave.writeUInt16LE(1, 22);
  wave.writeUInt32LE(RATE, 24);
  wave.writeUInt32LE(RATE * 2, 28);
  wave.writeUInt16LE(2, 32);
  wave.writeUInt16LE(16, 34);
  wave.write('data', 36, 'latin1');
  wave.writeUInt32LE(samples * 2, 40);
  for (let index = 0; index < samples; index += 1) {
    const value = Math.sin((2 * Math.PI * TONE_HZ * index) / RATE);
    wave.writeInt16LE(Math.round(value * 8_000), HEADER_BYTES + index * 2);
  }
  return wave;
}
