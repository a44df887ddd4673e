import { contactBounds, type ContactCard, type LabelledNumber } from '../contact.ts';
import { cleanLine, cleanLines, type CleanText } from './clean-text.ts';
import { readEmail } from './read-email.ts';
import { readNumber, type CountryCode } from './read-number.ts';

/** What somebody wrote about a contact, in forms or files. */
export interface WrittenCard {
  readonly name?: string | null | undefined;
  readonly company?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly notes?: string | null | undefined;
  readonly numbers?:
    | readonly { readonly number: string; readonly label?: string | null | undefined }[]
    | undefined;
}

export type ReadCard = { readonly card: ContactCard } | { readonly problems: readonly string[] };

const bounds = contactBounds;

/** Normalises what was written, or says all that is wrong with it. */
export function readCard(written: WrittenCard, country: CountryCode | null): ReadCard {
  const problems: string[] = [];
  const take = (what: string, read: CleanText): string | null => {
    if ('text' in read) return read.text;
    problems.push(`${what} ${read.problem}`);
    return null;
  };
  const line = (what: string, text: string | null | undefined, lettersMax: number): string | null =>
    take(what, cleanLine(text ?? '', lettersMax));
  const card: ContactCard = {
    name: line('the name', written.name, bounds.nameLettersMax),
    company: line('the company', written.company, bounds.companyLettersMax),
    email: emailOf(line('the e-mail address', written.email, 1_000), problems),
    tags: tagsOf(written.tags ?? [], (text) => line('a tag', text, bounds.tagLettersMax), problems),
    notes: take('the note', cleanLines(written.notes ?? '', bounds.notesLettersMax)),
    numbers: numbersOf(
      written.numbers ?? [],
      country,
      (text) => line('the label of a number', text, bounds.labelLettersMax),
      problems,
    ),
  };
  if (problems.length === 0 && card.email === null && card.numbers.length === 0)
    problems.push(
      'there is neither a number nor an e-mail address by which the contact could be known again',
    );
  return problems.length > 0 ? { problems } : { card };
}

function emailOf(written: string | null, problems: string[]): string | null {
  if (written === null) return null;
  const email = readEmail(written);
  if (email === null) problems.push(`“${shortened(written)}” is no e-mail address`);
  return email;
}

function tagsOf(
  written: readonly string[],
  line: (text: string) => string | null,
  problems: string[],
): string[] {
  const tags = new Map<string, string>();
  for (const text of written) {
    const tag = line(text);
    if (tag !== null && !tags.has(tag.toLowerCase())) tags.set(tag.toLowerCase(), tag);
  }
  if (tags.size > bounds.tagsMax) problems.push(`there are more than ${bounds.tagsMax} tags`);
  return [...tags.values()];
}

function numbersOf(
  written: NonNullable<WrittenCard['numbers']>,
  country: CountryCode | null,
  line: (text: string | null | undefined) => string | null,
  problems: string[],
): LabelledNumber[] {
  const numbers = new Map<string, LabelledNumber>();
  for (const { number: text, label } of written) {
    if (text.trim() === '') continue;
    const number = readNumber(text, country);
    if (number === null) problems.push(numberProblem(text, country));
    else if (!numbers.has(number)) numbers.set(number, { number, label: line(label) });
  }
  if (numbers.size > bounds.numbersMax) problems.push(`there are more than ${bounds.numbersMax} numbers`);
  return [...numbers.values()];
}

const numberProblem = (text: string, country: CountryCode | null): string =>
  country === null
    ? `“${shortened(text)}” can’t be read as a number; without a country of the tenant it must begin with + and the country code`
    : `“${shortened(text)}” can’t be read as a number of ${country}, nor with a country code`;

const shownLettersMax = 40;

const shortened = (text: string): string => {
  const plain = text.replace(/\p{Cc}/gu, '\ufffd').toWellFormed();
  return plain.length > shownLettersMax ? `${plain.slice(0, shownLettersMax)}…`.toWellFormed() : plain;
};
