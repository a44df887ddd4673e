/** Whether this system knows a zone such as `Europe/Lisbon`. */
export function isZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).format(0) !== '';
  } catch {
    return false;
  }
}

/** Moments as the clocks of a zone show them, with their offset: `2026-11-19T15:02:11+01:00`. */
export function isoInZone(zone: string): (at: Date) => string {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  const offsets = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  return (at) => {
    const name = offsets.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
    const offset = name === 'GMT' ? '+00:00' : name.slice('GMT'.length, 'GMT+00:00'.length);
    return `${format.format(at).replace(' ', 'T')}${offset}`;
  };
}
