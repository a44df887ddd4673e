const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const;

/** How long a time is, in its two largest units: `3 h 12 min`. */
export function span(ms: number): string {
  let left = Math.max(0, Math.round(ms / 1_000));
  const parts: string[] = [];
  for (const [name, seconds] of units) {
    const count = Math.floor(left / seconds);
    left %= seconds;
    if (count > 0) parts.push(`${count} ${name}`);
    if (parts.length === 2 || (parts.length === 1 && count === 0)) break;
  }
  return parts.join(' ') || '0 s';
}

export function ago(then: Date, now: Date): string {
  return then <= now
    ? `${span(now.getTime() - then.getTime())} ago`
    : `in ${span(then.getTime() - now.getTime())}`;
}
