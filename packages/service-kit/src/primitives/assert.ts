/** A broken assumption of our own code. Nothing catches it on purpose: it reaches the top and stops the process. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** States what must be true here. `invariant` is the rule itself, so that the crash says which one was broken. */
export function assert(condition: unknown, invariant: string): asserts condition {
  if (!condition) throw new InvariantError(`Broken invariant: ${invariant}`);
}
