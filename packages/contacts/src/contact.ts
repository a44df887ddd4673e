/** A number as people gave it a name: work, mobile, whatever they write. */
export interface LabelledNumber {
  /** E.164: a plus sign and digits. */
  readonly number: string;
  readonly label: string | null;
}

/** What is known of somebody. Only what was normalised is one: two that say the same are equal. */
export interface ContactCard {
  /** In one line, as people write it: which part is a family name differs by country. */
  readonly name: string | null;
  readonly company: string | null;
  readonly email: string | null;
  readonly tags: readonly string[];
  readonly notes: string | null;
  readonly numbers: readonly LabelledNumber[];
}

export interface Contact extends ContactCard {
  readonly id: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly revision: number;
}

export const contactBounds = {
  nameLettersMax: 200,
  companyLettersMax: 200,
  /** What mail servers take. */
  emailLettersMax: 254,
  tagsMax: 50,
  tagLettersMax: 60,
  notesLettersMax: 10_000,
  numbersMax: 20,
  labelLettersMax: 40,
  /** By which contacts are sorted; an index holds no longer ones. */
  sortKeyLettersMax: 120,
} as const;

/** By which a contact is listed. */
export function sortKeyOf({ name, company, email, numbers }: ContactCard): string {
  const shown = name ?? company ?? email ?? numbers[0]?.number ?? '';
  return shown.toLowerCase().slice(0, contactBounds.sortKeyLettersMax).toWellFormed();
}
