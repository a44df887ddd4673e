import { contactBounds, type ContactCard, type LabelledNumber } from '../contact.ts';

/** What is blank is filled, numbers and tags are added; nothing that is known changes. */
export const fillBlanks = (known: ContactCard, said: ContactCard): ContactCard => ({
  name: known.name ?? said.name,
  company: known.company ?? said.company,
  email: known.email ?? said.email,
  notes: known.notes ?? said.notes,
  tags: joinTags(known.tags, said.tags),
  numbers: joinNumbers(known.numbers, said.numbers, (had, has) => had ?? has),
});

/** What is said counts; what is left blank says nothing, so that it deletes nothing. Numbers and tags are added. */
export const update = (known: ContactCard, said: ContactCard): ContactCard => ({
  name: said.name ?? known.name,
  company: said.company ?? known.company,
  email: said.email ?? known.email,
  notes: said.notes ?? known.notes,
  tags: joinTags(known.tags, said.tags),
  numbers: joinNumbers(known.numbers, said.numbers, (had, has) => has ?? had),
});

/** Tags and numbers beyond what a contact may have are left out, and those that are there stay. */
function joinTags(known: readonly string[], said: readonly string[]): readonly string[] {
  const tags = new Map(known.map((tag) => [tag.toLowerCase(), tag]));
  for (const tag of said) {
    if (tags.size >= contactBounds.tagsMax) break;
    if (!tags.has(tag.toLowerCase())) tags.set(tag.toLowerCase(), tag);
  }
  return tags.size === known.length ? known : [...tags.values()];
}

function joinNumbers(
  known: readonly LabelledNumber[],
  said: readonly LabelledNumber[],
  labelOf: (had: string | null, has: string | null) => string | null,
): readonly LabelledNumber[] {
  const labels = new Map(known.map(({ number, label }) => [number, label]));
  for (const { number, label } of said) {
    const had = labels.get(number);
    if (had !== undefined) labels.set(number, labelOf(had, label));
    else if (labels.size < contactBounds.numbersMax) labels.set(number, label);
  }
  return [...labels].map(([number, label]) => ({ number, label }));
}

export const isSameCard = (one: ContactCard, other: ContactCard): boolean =>
  one.name === other.name &&
  one.company === other.company &&
  one.email === other.email &&
  one.notes === other.notes &&
  one.tags.length === other.tags.length &&
  one.tags.every((tag, index) => tag === other.tags[index]) &&
  one.numbers.length === other.numbers.length &&
  one.numbers.every(({ number, label }, index) => {
    const same = other.numbers[index];
    return same?.number === number && same.label === label;
  });
