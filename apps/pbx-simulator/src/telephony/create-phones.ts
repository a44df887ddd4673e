import type { Phone } from './phone.ts';

const FIRST_NUMBER = 1001;

/** Not all names are plain ASCII: a client that splits bytes wrongly shall notice. */
const names = ['Zoë van den Berg', 'Jürgen Weiß', 'Łukasz Nowak', 'Ana Peña', '山田 太郎'];

export function createPhones(count: number): ReadonlyMap<string, Phone> {
  const phones = Array.from({ length: count }, (_, index): Phone => {
    const number = String(FIRST_NUMBER + index);
    return {
      number,
      name: names[index] ?? `User ${number}`,
      device: `PJSIP/${number}`,
      registered: true,
      doNotDisturb: false,
      legs: new Set(),
    };
  });
  return new Map(phones.map((phone) => [phone.number, phone]));
}
