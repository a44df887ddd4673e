import { readContact } from '@trunkline/contacts';
import type { Bench } from '../bench.ts';
import { Failure } from '../failure.ts';
import type { JsonOption } from '../options/common.ts';
import { plain } from '../output/plain.ts';
import { showJson } from '../output/show-page.ts';
import { when } from '../output/when.ts';

export async function runContactsShow(bench: Bench, id: string, { json = false }: JsonOption): Promise<void> {
  const isId = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id);
  const database = await bench.database();
  const contact = isId ? await database.run((tx) => readContact(tx, { id })) : null;
  if (contact === null)
    throw new Failure(`There is no contact "${id}". "trunkline contacts list" shows those there are.`);
  if (json) return showJson(bench.terminal, contact);
  const { name, company, email, tags, notes, numbers, createdAt, updatedAt } = contact;
  const lines = [
    ['name', name],
    ['company', company],
    ['e-mail', email],
    ...numbers.map(({ number, label }) => [label ?? 'number', number]),
    ['tags', tags.length === 0 ? null : tags.join(', ')],
    ['notes', notes],
    ['created', when(createdAt)],
    ['changed', when(updatedAt)],
  ];
  for (const [what, text] of lines)
    if (text !== null && text !== undefined)
      bench.terminal.out(`${plain(`${what}`).padEnd(10)}${plain(text)}`);
}
