/** The value of a message's header; empty where it isn't there. Of repeated headers the first counts. */
export function headerOf(text: string, name: string): string {
  const label = `\r\n${name}: `;
  const at = text.indexOf(label);
  if (at === -1) return text.startsWith(`${name}: `) ? lineFrom(text, name.length + 2) : '';
  return lineFrom(text, at + label.length);
}

function lineFrom(text: string, start: number): string {
  const end = text.indexOf('\r\n', start);
  return end === -1 ? text.slice(start) : text.slice(start, end);
}

const nobody = '<unknown>';

/** A header for people: AMI writes `<unknown>` where there is nothing to say. */
export function textOf(text: string, name: string): string {
  const value = headerOf(text, name);
  return value === nobody ? '' : value;
}

/** A whole number of a header; 0 where there is none. */
export function numberOf(text: string, name: string): number {
  const value = Number.parseInt(headerOf(text, name), 10);
  return Number.isSafeInteger(value) ? value : 0;
}
