import type { ContactImport } from '@trunkline/contacts';

/** How an import stands, in a line. */
export function importLine(known: ContactImport): string {
  const { state, plan, rowsDone, bytes, bytesDone, created, updated, unchanged, skipped, rejected } = known;
  const share = bytes > 0 && known.finishedAt === null ? ` (${Math.floor((100 * bytesDone) / bytes)} %)` : '';
  const counts = { created, updated, unchanged, skipped, rejected };
  const told = Object.entries(counts).filter(([, count]) => count > 0);
  return [
    `${plan?.isDryRun === true ? 'dry run ' : ''}${state}: ${rowsDone} rows${share}`,
    ...told.map(([what, count]) => `${count} ${what}`),
  ].join(', ');
}
