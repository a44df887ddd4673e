/** The ring, made of two tones: 0.4 s on, 0.2 off, 0.4 on, 2 rest. It begins softly and is at full volume in the third round. */
export const tones = [440, 480] as const;
const bursts = [
  [0, 0.4],
  [0.6, 1],
] as const;
export const roundSeconds = 3;
const rounds = [0.35, 0.7, 1] as const;
/** So that nothing clicks, and a ring is silent well within 50 ms. */
const rampSeconds = 0.015;
/** Two tones at once must not clip. */
const loudest = 0.4;

export interface Ringing {
  stop(): void;
  setVolume(share: number): void;
}

/** Rings until it is stopped. A round is laid out at a time, so a clock that stands still stops the ring as well. */
export function startRinging(audio: AudioContext, volume: number): Ringing {
  const envelope = audio.createGain();
  const level = audio.createGain();
  envelope.gain.value = 0;
  level.gain.value = volume * loudest;
  const sources = tones.map((frequency) => {
    const source = audio.createOscillator();
    source.frequency.value = frequency;
    source.connect(envelope);
    source.start();
    return source;
  });
  envelope.connect(level).connect(audio.destination);
  let round = 0;
  const layOut = () => {
    layOutRound(envelope.gain, audio.currentTime, rounds[Math.min(round, rounds.length - 1)] ?? 1);
    round += 1;
  };
  layOut();
  const timer = setInterval(layOut, roundSeconds * 1_000);

  return {
    setVolume: (share) => level.gain.setTargetAtTime(share * loudest, audio.currentTime, rampSeconds),
    stop() {
      clearInterval(timer);
      const now = audio.currentTime;
      envelope.gain.cancelScheduledValues(now);
      envelope.gain.setTargetAtTime(0, now, rampSeconds / 3);
      for (const source of sources) source.stop(now + 2 * rampSeconds);
      setTimeout(() => level.disconnect(), 100);
    },
  };
}

function layOutRound(gain: AudioParam, from: number, peak: number): void {
  for (const [on, off] of bursts) {
    gain.setValueAtTime(0, from + on);
    gain.linearRampToValueAtTime(peak, from + on + rampSeconds);
    gain.setValueAtTime(peak, from + off - rampSeconds);
    gain.linearRampToValueAtTime(0, from + off);
  }
}
