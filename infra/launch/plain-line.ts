/** Fields that every line has, and that tell a person at a terminal nothing. */
const everywhere = new Set(['level', 'time', 'pid', 'hostname', 'name', 'msg', 'err', 'pbx', 'epoch']);
const loud: Readonly<Record<string, string>> = { warn: 'warning: ', error: 'ERROR: ', fatal: 'FATAL: ' };

/** A line of a service's log as a person reads it; whatever is none is left as it is. */
export function plainLine(line: string): string {
  const entry = read(line);
  if (entry === undefined) return line;
  const time = /T(\d\d:\d\d:\d\d)/.exec(String(entry['time']))?.[1] ?? '';
  const more = Object.entries(entry)
    .filter(([name, value]) => !everywhere.has(name) && typeof value !== 'object')
    .map(([name, value]) => `${name}=${String(value)}`);
  const error = messageOf(entry['err']);
  const text = `${loud[String(entry['level'])] ?? ''}${String(entry['msg'])}${error}`;
  return [time, text, ...(more.length === 0 ? [] : [`(${more.join(', ')})`])].join(' ').trimStart();
}

function read(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const entry = JSON.parse(line) as Record<string, unknown>;
    return typeof entry['msg'] === 'string' && 'level' in entry ? entry : undefined;
  } catch {
    return undefined;
  }
}

const messageOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? `: ${String(error.message)}` : '';
