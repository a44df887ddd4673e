/** What AMI sends, cut into messages: the banner is a line, every message ends with an empty line. */
export interface FrameHandler {
  onBanner(line: string): void;
  onMessage(text: string): void;
  /** A message of more bytes than any PBX sends; only its beginning is kept. */
  onOversize(head: string): void;
}

export interface FramerBounds {
  readonly messageBytesMax: number;
}

/** The longest messages are the output of commands, which we never give. */
const usualBounds: FramerBounds = { messageBytesMax: 256 * 1024 };

const HEAD_BYTES = 4096;
const lineEnd = Buffer.from('\r\n');
const messageEnd = Buffer.from('\r\n\r\n');

/**
 * Takes chunks as TCP cuts them. Whatever the cuts, the same bytes give the same messages: bytes are joined before they
 * are decoded, and each message is decoded for itself, so that what is kept of it does not keep the whole chunk alive.
 */
export class MessageFramer {
  readonly #handler: FrameHandler;
  readonly #bytesMax: number;
  readonly #headBytes: number;
  #rest: Buffer = Buffer.alloc(0);
  #hasBanner = false;
  /** The beginning of an oversize message whose end has not come yet. */
  #head: Buffer | null = null;

  constructor(handler: FrameHandler, bounds: FramerBounds = usualBounds) {
    this.#handler = handler;
    this.#bytesMax = bounds.messageBytesMax;
    this.#headBytes = Math.min(HEAD_BYTES, bounds.messageBytesMax);
  }

  /** Bytes that wait for the end of their message. */
  get waitingBytes(): number {
    return this.#rest.length + (this.#head?.length ?? 0);
  }

  push(chunk: Buffer): void {
    const seen = this.#rest.length;
    const bytes = seen === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let start = 0;
    // The end of a message may have been cut in two, so the last bytes seen are looked at again.
    let from = Math.max(0, seen - messageEnd.length + 1);
    for (;;) {
      const end = bytes.indexOf(this.#hasBanner ? messageEnd : lineEnd, from);
      if (end === -1) break;
      start = this.#take(bytes, start, end);
      from = start;
    }
    this.#keep(bytes, start);
  }

  #take(bytes: Buffer, start: number, end: number): number {
    if (!this.#hasBanner) {
      this.#hasBanner = true;
      this.#handler.onBanner(bytes.toString('utf8', start, Math.min(end, start + this.#headBytes)));
      return end + lineEnd.length;
    }
    const head = this.#head;
    this.#head = null;
    const first = skipLineEnd(bytes, start);
    if (head !== null) this.#handler.onOversize(head.toString('utf8'));
    else if (end - first > this.#bytesMax)
      this.#handler.onOversize(bytes.toString('utf8', first, first + this.#headBytes));
    else if (first < end) this.#handler.onMessage(bytes.toString('utf8', first, end));
    return end + messageEnd.length;
  }

  #keep(bytes: Buffer, start: number): void {
    const rest = start === 0 ? bytes : bytes.subarray(start);
    if (rest.length <= this.#bytesMax + lineEnd.length + messageEnd.length) {
      // A copy, so that a few bytes that wait don't keep a chunk of the socket's alive.
      this.#rest = rest.length === 0 ? Buffer.alloc(0) : Buffer.from(rest);
      return;
    }
    const first = skipLineEnd(rest, 0);
    this.#head ??= Buffer.from(rest.subarray(first, first + this.#headBytes));
    this.#rest = Buffer.from(rest.subarray(rest.length - messageEnd.length + 1));
  }
}

/** One empty line too many between two messages belongs to neither. */
const skipLineEnd = (bytes: Buffer, start: number): number =>
  bytes[start] === 0x0d && bytes[start + 1] === 0x0a ? start + lineEnd.length : start;
