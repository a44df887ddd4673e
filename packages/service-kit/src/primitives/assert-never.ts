import { InvariantError } from './assert.ts';

/**
 * The last branch of an exhaustive switch. The compiler proves it unreachable; data that slipped past a door
 * proves it wrong at run time. Only the value's type is printed: the value itself may be private.
 */
export function assertNever(value: never, what = 'a value'): never {
  throw new InvariantError(`Broken invariant: ${what} of an unforeseen kind (${describeKind(value)})`);
}

function describeKind(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.keys(value).join(', ');
}
