/** The end of an exhaustive switch: the compiler proves that it can't be reached, this says so where it lied. */
export function assertNever(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
