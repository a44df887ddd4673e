/** A header and its value, in the order in which they are written. */
export type Headers = readonly (readonly [name: string, value: string | number])[];

export type AmiMessage = ReadonlyMap<string, string>;

export function write(headers: Headers): string {
  return `${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}

const LINE_BYTES_MAX = 1024;
const HEADERS_MAX = 128;

/** Thrown at a client that sends what no client should. */
export class FramingError extends Error {
  override readonly name = 'FramingError';
}

/** Takes bytes as they come, and gives whole messages. Header names are lower-cased. */
export class MessageReader {
  #text = '';

  take(chunk: string): AmiMessage[] {
    this.#text += chunk;
    const messages: AmiMessage[] = [];
    for (let end = this.#text.indexOf('\r\n\r\n'); end >= 0; end = this.#text.indexOf('\r\n\r\n')) {
      messages.push(parse(this.#text.slice(0, end)));
      this.#text = this.#text.slice(end + 4);
    }
    if (this.#text.length > LINE_BYTES_MAX * HEADERS_MAX) throw new FramingError('a message without an end');
    return messages;
  }
}

function parse(text: string): AmiMessage {
  const message = new Map<string, string>();
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) message.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  return message;
}
