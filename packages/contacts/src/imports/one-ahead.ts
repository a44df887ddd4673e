/** The same values, each asked for while the one before it is worked on; one is held, no more. */
export async function* oneAhead<Value>(source: AsyncIterable<Value>): AsyncGenerator<Value> {
  const values = source[Symbol.asyncIterator]();
  const ask = () => {
    const asked = values.next();
    // It is heard where it is waited for.
    asked.catch(() => undefined);
    return asked;
  };
  try {
    let next = ask();
    for (let current = await next; current.done !== true; current = await next) {
      next = ask();
      yield current.value;
    }
  } finally {
    await values.return?.();
  }
}
