import { describeError } from '@trunkline/service-kit';

/** What could be found out, or why not: a page about a broken system has to work on a broken system. */
export type Told<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly because: string };

export async function told<Value>(question: () => Promise<Value>, because: string): Promise<Told<Value>> {
  try {
    return { ok: true, value: await question() };
  } catch (error) {
    const { message } = describeError(error);
    return { ok: false, because: `${because}: ${message.split('\n')[0] ?? ''}` };
  }
}

/** A question that rests on the answer to another one. */
export const after = <Known, Value>(
  known: Told<Known>,
  question: (value: Known) => Promise<Value>,
  because: string,
): Promise<Told<Value>> => (known.ok ? told(() => question(known.value), because) : Promise.resolve(known));
