import type { Phone } from './phone.ts';

const FIRST_NUMBER = 1001;

/** Not all names are plain ASCII: a client that splits bytes wrongly shall notice. */
const firstNames = ['Zoë van den Berg', 'Jürgen Weiß', 'Łukasz Nowak', 'Ana Peña', '山田 太郎'];

/** Whoever looks at a wallboard looks for people. Their counts have no common divisor, so that few pairs come twice. */
const givenNames =
  'Ana Ben Chi Dora Eli Farah Gonçalo Hanna Inês Jonas Kasia Liam Maria Noor Olivia Pedro Quinn Rosa Sven Tomás Uma Viktor Wanda Yusuf'.split(
    ' ',
  );
const familyNames =
  'Ferreira Okafor Nguyen Weiss Stone Costa Haddad Lindqvist Novák Silva Jansen Kowalski Byrne Almeida Petrov Rahman Sousa Moreau Bakker Itō Keller Lopes Marino Nunes Osei Peeters Ribeiro Schmidt Tanaka Vieira Zhang'.split(
    ' ',
  );

export function createPhones(count: number, firstNumber = FIRST_NUMBER): ReadonlyMap<string, Phone> {
  const phones = Array.from({ length: count }, (_, index): Phone => {
    const number = firstNumber + index;
    return {
      number: String(number),
      name: nameOf(number),
      device: `PJSIP/${number}`,
      registered: true,
      doNotDisturb: false,
      legs: new Set(),
    };
  });
  return new Map(phones.map((phone) => [phone.number, phone]));
}

/** The same number is the same person in every office. */
function nameOf(number: number): string {
  const given = givenNames[number % givenNames.length];
  const family = familyNames[(number * 7) % familyNames.length];
  return firstNames[number - FIRST_NUMBER] ?? `${given} ${family}`;
}
