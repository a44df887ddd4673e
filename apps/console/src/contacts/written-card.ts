import type { ContactCard, LabelledNumber } from '../api/answers.ts';

/** A card as a form holds it: lists are lines and words. */
export interface CardForm {
  readonly name: string;
  readonly company: string;
  readonly email: string;
  readonly numbers: string;
  readonly tags: string;
  readonly notes: string;
}

export const formOf = ({ name, company, email, numbers, tags, notes }: ContactCard): CardForm => ({
  name: name ?? '',
  company: company ?? '',
  email: email ?? '',
  numbers: numbers.map(({ number, label }) => (label === null ? number : `${number}, ${label}`)).join('\n'),
  tags: tags.join(', '),
  notes: notes ?? '',
});

/** What is blank is sent as nothing, which clears it. */
export const cardOf = ({ name, company, email, numbers, tags, notes }: CardForm): ContactCard => ({
  name: wordsOf(name),
  company: wordsOf(company),
  email: wordsOf(email),
  numbers: numbers.split('\n').flatMap(numberOf),
  tags: tags.split(',').flatMap((tag) => wordsOf(tag) ?? []),
  notes: wordsOf(notes),
});

const wordsOf = (text: string): string | null => (text.trim() === '' ? null : text.trim());

/** What stands behind the first comma says which number it is; a number itself holds none. */
function numberOf(line: string): LabelledNumber[] {
  const [number = '', ...label] = line.split(',');
  if (number.trim() === '') return [];
  return [{ number: number.trim(), label: wordsOf(label.join(',')) }];
}

/** How a contact is called where one line has to do. */
export const nameOf = ({ name, company, email, numbers }: ContactCard): string | null =>
  name ?? company ?? email ?? numbers[0]?.number ?? null;
