import { readCard, type ReadCard, type WrittenCard } from '../book/read-card.ts';
import type { CountryCode } from '../book/read-number.ts';
import { columnsMax } from './parser-options.ts';
import { numberTargets, type ColumnTarget } from './guess-columns.ts';

/** Address books put several of a kind into one cell. A slash belongs to numbers as Germans write them. */
const between = /\s*(?::::|[;,\n])\s*/;

/** What a row says of a contact, by what its columns hold. */
export function rowToCard(
  row: readonly string[],
  columns: readonly ColumnTarget[],
  country: CountryCode | null,
): ReadCard {
  if (row.length > columnsMax) return { problems: [`the row has more than ${columnsMax} columns`] };
  const parts = { name: '', givenName: '', familyName: '', company: '', email: '' };
  const numbers: { number: string; label: string | null }[] = [];
  const tags: string[] = [];
  const notes: string[] = [];
  for (const [index, target] of columns.entries()) {
    const cell = row[index];
    if (cell === undefined || cell === '' || target === 'ignore') continue;
    if (numberTargets.has(target)) {
      const label = target === 'phone' ? null : target;
      for (const number of cell.split(between)) numbers.push({ number, label });
    } else if (target === 'tags') tags.push(...cell.split(between));
    else if (target === 'notes') notes.push(cell);
    else parts[target as keyof typeof parts] = cell;
  }
  const { name, givenName, familyName, company, email } = parts;
  const written: WrittenCard = {
    name: name.trim() === '' ? `${givenName} ${familyName}` : name,
    company,
    // Of several addresses in a cell the first is theirs.
    email: email.includes('<') ? email : (email.split(between).find((text) => text !== '') ?? ''),
    tags,
    notes: notes.join('\n'),
    numbers,
  };
  return readCard(written, country);
}
