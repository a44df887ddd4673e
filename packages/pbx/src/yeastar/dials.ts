import type { Member } from './frames.ts';

/** Far more than anybody asks for at once. Beyond it the oldest is treated as any other call. */
const DIALS_MAX = 1_000;

/**
 * Calls that we asked the PBX to dial. It rings the asking extension first, whose answer looks like that of somebody who
 * was called. The call's first frame may come before the PBX's answer to us, so the extension counts until then, and
 * the call by its name afterwards.
 */
export class Dials {
  readonly #asking = new Map<string, number>();
  readonly #asked = new Map<string, string>();

  async during<Result extends { readonly call: string | null }>(
    extension: string,
    ask: () => Promise<Result>,
  ): Promise<Result> {
    this.#asking.set(extension, (this.#asking.get(extension) ?? 0) + 1);
    try {
      const result = await ask();
      if (result.call !== null) this.#remember(result.call, extension);
      return result;
    } finally {
      const others = (this.#asking.get(extension) ?? 1) - 1;
      if (others > 0) this.#asking.set(extension, others);
      else this.#asking.delete(extension);
    }
  }

  dialledFor(call: string, members: readonly Member[]): string | null {
    const asked = this.#asked.get(call);
    if (asked !== undefined) return asked;
    if (this.#asking.size === 0) return null;
    const member = members.find(({ number, status }) => this.#asking.has(number) && status === 'RING');
    return member?.number ?? null;
  }

  #remember(call: string, extension: string): void {
    this.#asked.set(call, extension);
    if (this.#asked.size <= DIALS_MAX) return;
    for (const oldest of this.#asked.keys()) {
      this.#asked.delete(oldest);
      return;
    }
  }
}
