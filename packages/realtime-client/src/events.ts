import type { Logger } from './environment/environment.ts';

type Listener<Detail> = (detail: Detail) => unknown;

/** Listeners by the name of what they listen to. One that throws is logged and harms nobody. */
export class Events<Map extends object> {
  readonly #listeners = new globalThis.Map<keyof Map, Set<Listener<never>>>();
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Returns how to stop listening. */
  on<Name extends keyof Map>(name: Name, listener: Listener<Map[Name]>): () => void {
    const known = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, known.add(listener));
    return () => void known.delete(listener);
  }

  off<Name extends keyof Map>(name: Name, listener: Listener<Map[Name]>): void {
    this.#listeners.get(name)?.delete(listener);
  }

  emit<Name extends keyof Map>(name: Name, detail: Map[Name]): void {
    // A copy: a listener may take itself, or others, off the list.
    for (const listener of [...(this.#listeners.get(name) ?? [])] as Listener<Map[Name]>[]) {
      this.guard(name, () => listener(detail));
    }
  }

  guard(name: keyof Map, call: () => unknown): void {
    try {
      const outcome = call();
      if (outcome instanceof Promise) outcome.catch((error: unknown) => this.#blame(name, error));
    } catch (error) {
      this.#blame(name, error);
    }
  }

  #blame(name: keyof Map, error: unknown): void {
    this.#log.error(`a listener of "${String(name)}" threw`, error);
  }
}
