export interface Utf8Watch {
  readonly pass: (source: AsyncIterable<Buffer>) => AsyncGenerator<Buffer>;
  /** Whether all that has passed is UTF-8. */
  readonly isUtf8: () => boolean;
}

/** Looks at a file while it is stored, so that one byte at its end is enough to know that it is not UTF-8. */
export function watchUtf8(): Utf8Watch {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let holds = true;
  const look = (bytes: Buffer | undefined): void => {
    if (!holds) return;
    try {
      decoder.decode(bytes, { stream: bytes !== undefined });
    } catch {
      holds = false;
    }
  };
  return {
    async *pass(source) {
      for await (const chunk of source) {
        look(chunk);
        yield chunk;
      }
      look(undefined);
    },
    isUtf8: () => holds,
  };
}
