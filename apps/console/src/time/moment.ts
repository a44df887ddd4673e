/** `local`, `UTC`, or the name of a zone. */
export type Zone = string;

const timeZoneOf = (zone: Zone): string | undefined => (zone === 'local' ? undefined : zone);

const formats = new Map<string, Intl.DateTimeFormat>();

function partsOf(at: number, zone: Zone): Record<string, string> {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-GB', {
      timeZone: timeZoneOf(zone),
      year: 'numeric',
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'longOffset',
    });
  formats.set(zone, format);
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
}

/** `14:02:11` today, `19 Nov 14:02:11` this year, with the year if that is another. */
export function momentText(at: number, now: number, zone: Zone): string {
  const told = partsOf(at, zone);
  const today = partsOf(now, zone);
  const time = `${told['hour']}:${told['minute']}:${told['second']}`;
  if (told['year'] !== today['year']) return `${told['day']} ${told['month']} ${told['year']} ${time}`;
  const isToday = told['month'] === today['month'] && told['day'] === today['day'];
  return isToday ? time : `${told['day']} ${told['month']} ${time}`;
}

/** Everything about a moment, for those who point at it: with offset, and in UTC. */
export function exactText(at: number, zone: Zone): string {
  const { year, month, day, hour, minute, second, timeZoneName = 'GMT' } = partsOf(at, zone);
  const offset = timeZoneName === 'GMT' ? '+00:00' : timeZoneName.replace('GMT', '');
  const utc = new Date(at).toISOString().replace('.000', '');
  return `${day} ${month} ${year} ${hour}:${minute}:${second} ${offset} · ${utc}`;
}

export function isZone(text: string): boolean {
  if (text === 'local') return true;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).format(0) !== '';
  } catch {
    return false;
  }
}
