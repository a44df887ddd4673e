/**
 * The outline of a sound: of so many equal parts of it the loudest sample each, from 0 to 1, where 1 is the loudest of all. Quiet recordings
 * are seen as well as loud ones, and silence is all zeros.
 */
export function peaksOf(samples: ArrayLike<number>, parts: number): number[] {
  const peaks = Array.from({ length: parts }, (_, part) => {
    const end = Math.floor(((part + 1) * samples.length) / parts);
    let loudest = 0;
    for (let at = Math.floor((part * samples.length) / parts); at < end; at += 1)
      loudest = Math.max(loudest, Math.abs(samples[at] ?? 0));
    return loudest;
  });
  const top = Math.max(0, ...peaks);
  return top === 0 ? peaks : peaks.map((peak) => peak / top);
}

/** `3:07`, `1:02:09`. */
export function clockOf(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, '0'));
  const hours = Math.floor(whole / 3_600);
  const text = parts.join(':').replace(/^0(?=\d:)/, '');
  return hours === 0 ? text : `${hours}:${parts.join(':')}`;
}
