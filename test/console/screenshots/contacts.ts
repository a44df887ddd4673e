import { createContact } from '@trunkline/contacts';
import type { Page } from 'playwright-core';
import type { Offices } from './offices.ts';

/** Whom the office of Porto knows. */
const people = [
  ['Maria Costa', 'Porto Wines', '+351223400101', 'maria@portowines.example', ['customer', 'north']],
  ['João Almeida', 'Almeida & Filhos', '+351223400102', 'joao@almeida.example', ['customer']],
  ['Inês Carvalho', null, '+351912345601', 'ines.carvalho@example.org', ['applicant']],
  ['Rui Teixeira', 'Douro Logistics', '+351223400103', 'rui@douro.example', ['supplier', 'north']],
  ['Ada Lovelace', 'Analytical Engines', '+442079460001', 'ada@engines.example', ['customer', 'abroad']],
  ['Grace Hopper', 'Harbour Systems', '+12025550143', 'grace@harbour.example', ['customer', 'abroad']],
  ['Sofia Mendes', 'Câmara de Braga', '+351253200111', 'sofia@braga.example', ['public']],
  ['Tiago Nunes', 'Faro Rent a Car', '+351289800122', 'tiago@farorent.example', ['customer', 'south']],
  ['Beatriz Lopes', null, '+351961234502', null, []],
  ['Miguel Santos', 'Santos Instruments', '+351213400133', 'miguel@santos.example', ['supplier']],
] as const;

export async function knowPeople({ lab }: Offices): Promise<void> {
  const { database, tenant } = lab.fleet;
  for (const [name, company, number, email, tags] of people)
    await database.run((tx) =>
      createContact(tx, tenant, {
        name,
        company,
        email,
        tags: [...tags],
        numbers: [{ number, label: 'work' }],
      }),
    );
}

export const showPeople = (page: Page): Promise<void> => page.getByText('Sofia Mendes').waitFor();

const file = `Name;Firma;Telefon;Mobil;E-Mail;Notiz
Ada Lovelace;Analytical Engines;+44 20 7946 0001;;ada@engines.example;prefers mornings
Karl Weber;Weber Werkzeuge;+49 30 1234567;+49 151 12345678;karl@weber.example;
Lena Fischer;Fischer GmbH;030;;lena@fischer.example;
Anna Becker;;+49 89 765432;;anna.becker@example.org;newsletter
`;

/** What a file holds, before anything becomes of it. */
export async function showImport(page: Page): Promise<void> {
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'kunden.csv', mimeType: 'text/csv', buffer: Buffer.from(file) });
  await page.getByRole('table', { name: 'What its first rows become' }).waitFor();
}
