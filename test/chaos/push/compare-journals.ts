/** How what was told differs from what was published; null where it does not. */
export function compareJournals(published: readonly number[], told: readonly number[]): string | null {
  const at = published.findIndex((sequence, index) => told[index] !== sequence);
  if (at < 0 && published.length === told.length) return null;
  const heard = new Set(told);
  const known = new Set(published);
  const missing = published.filter((sequence) => !heard.has(sequence)).length;
  const unknown = told.filter((sequence) => !known.has(sequence)).length;
  const twice = told.length - heard.size;
  const back = told.filter((sequence, index) => sequence < (told[index - 1] ?? 0)).length;
  const place = at < 0 ? published.length : at;
  return (
    `${missing} missing, ${twice} twice, ${back} out of order, ${unknown} of nobody; ` +
    `first at ${place} of ${published.length}: ${told[place] ?? 'nothing'} instead of ${published[place] ?? 'nothing'}`
  );
}
