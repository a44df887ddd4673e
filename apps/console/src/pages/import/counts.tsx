import type { ContactImport } from '../../api/answers.ts';
import { importsCopy } from '../../imports/copy.ts';
import { Facts } from '../../ops/ops-page.tsx';

const copy = importsCopy.result;
const text = (count: number): string => count.toLocaleString('en');

/** What became of the rows so far. */
export const Counts = ({ known }: { readonly known: ContactImport }) => (
  <Facts
    facts={[
      [copy.rows, text(known.rowsDone)],
      [copy.created, text(known.created)],
      [copy.updated, text(known.updated)],
      [copy.unchanged, text(known.unchanged)],
      [copy.skipped, text(known.skipped)],
      [copy.rejected, text(known.rejected)],
    ]}
  />
);
