const phonesMax = 50;

/** Numbers of phones from what a person has typed: commas, semicolons or blanks between them. */
export function readPhones(text: string): string[] {
  const phones = text.split(/[\s,;]+/).filter((phone) => phone !== '');
  return [...new Set(phones)].slice(0, phonesMax);
}
