/** A measurement of nothing would report no fault, so a number that is none ends the command instead. */
export function wholeNumber(option: string, text: string, min: number): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= min) return number;
  throw new RangeError(
    `${option} takes a whole number from ${min} on, such as ${min + 1}; got ${JSON.stringify(text)}`,
  );
}
