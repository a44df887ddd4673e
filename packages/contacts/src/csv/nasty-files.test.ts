import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { ContactError } from '../contact-error.ts';
import type { ColumnTarget } from './guess-columns.ts';
import { previewFile, type FormatWishes } from './preview-file.ts';
import { readRows } from './read-rows.ts';
import { rowToCard } from './row-to-card.ts';
import { watchUtf8 } from './watch-utf8.ts';

interface Heard {
  readonly encoding?: string;
  readonly delimiter?: string;
  readonly columns?: readonly ColumnTarget[];
  /** Name and first number, or address, of each contact. */
  readonly contacts: readonly string[];
  readonly rejected: readonly string[];
  readonly problem?: string;
}

const sampleBytes = 64 * 1024;

/** What somebody hears who imports the file as it is guessed. Each row is in one of the two lists, or behind the problem. */
async function read(bytes: Buffer, wishes: FormatWishes = {}): Promise<Heard> {
  const watch = watchUtf8();
  for await (const _chunk of watch.pass(Readable.from([bytes]))) continue;
  const contacts: string[] = [];
  const rejected: string[] = [];
  try {
    const sample = {
      bytes: bytes.subarray(0, sampleBytes),
      isWhole: bytes.length <= sampleBytes,
      isUtf8: watch.isUtf8(),
    };
    const { encoding, delimiter, hasHeader, columns } = previewFile(sample, wishes, 'DE');
    const targets = columns.map(({ target }) => target);
    const heard = { encoding, delimiter, columns: targets, contacts, rejected };
    try {
      const format = { encoding, delimiter, hasHeader };
      // Pieces of odd sizes: letters and line ends are cut in the middle.
      for await (const { rows } of readRows(pieces(bytes), format, { chunkRows: 3 }))
        for (const row of rows) {
          const said = rowToCard(row, targets, 'DE');
          if ('card' in said)
            contacts.push(`${said.card.name} ${said.card.numbers[0]?.number ?? said.card.email}`);
          else rejected.push(said.problems.join('; '));
        }
      return heard;
    } catch (error) {
      return { ...heard, problem: messageOf(error) };
    }
  } catch (error) {
    return { contacts, rejected, problem: messageOf(error) };
  }
}

function messageOf(error: unknown): string {
  if (error instanceof ContactError) return error.message;
  throw error;
}

async function* pieces(bytes: Buffer): AsyncGenerator<Buffer> {
  const size = bytes.length > 10_000 ? 65_537 : 7;
  for (let first = 0; first < bytes.length; first += size) yield bytes.subarray(first, first + size);
}

const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
const ada = 'Ada +4930123456';
const bob = 'Bob +4930123457';
const two = 'name,phone\nAda,030 123456\nBob,030 123457\n';
const umlauts = 'name;phone\nJörg Müller;030 123456\nZoë;030 123457\n';
const german = ['Jörg Müller +4930123456', 'Zoë +4930123457'];

type Case = readonly [what: string, file: string | Buffer, heard: Partial<Heard>, wishes?: FormatWishes];

const cases: readonly Case[] = [
  ['a plain file', two, { encoding: 'utf-8', delimiter: ',', contacts: [ada, bob] }],
  [
    'a mark of UTF-8',
    `\ufeff${two}`,
    { encoding: 'utf-8', contacts: [ada, bob], columns: ['name', 'phone'] },
  ],
  [
    'UTF-16 with a mark',
    Buffer.from(`\ufeff${umlauts}`, 'utf16le'),
    { encoding: 'utf-16le', contacts: german },
  ],
  ['big UTF-16 with a mark', utf16be(`\ufeff${umlauts}`), { encoding: 'utf-16be', contacts: german }],
  ['UTF-16 without a mark', Buffer.from(umlauts, 'utf16le'), { encoding: 'utf-16le', contacts: german }],
  ['big UTF-16 without a mark', utf16be(umlauts), { encoding: 'utf-16be', contacts: german }],
  [
    'UTF-16 that ends within a letter',
    Buffer.concat([Buffer.from(two, 'utf16le'), Buffer.from([65])]),
    { contacts: [ada, bob] },
  ],
  ['windows-1252', Buffer.from(umlauts, 'latin1'), { encoding: 'windows-1252', contacts: german }],
  [
    'windows-1252 with its own letters',
    Buffer.from('name,phone\n\x80uro \x84x\x93,030 123456\n', 'latin1'),
    { contacts: ['€uro „x“ +4930123456'] },
  ],
  [
    'one byte that is not UTF-8, far behind the sample',
    Buffer.concat([Buffer.from(two.repeat(4_000)), Buffer.from('Zo\xeb,030 123456\n', 'latin1')]),
    { encoding: 'windows-1252' },
  ],
  [
    'UTF-8 that is read as windows-1252 by mistake',
    umlauts,
    { contacts: ['JÃ¶rg MÃ¼ller +4930123456', 'ZoÃ« +4930123457'] },
    { encoding: 'windows-1252' },
  ],
  [
    'windows-1252 that is read as UTF-8 by mistake',
    Buffer.from(umlauts, 'latin1'),
    {
      contacts: [],
      rejected: Array<string>(2).fill('the name holds bytes that are no letters; choose another encoding'),
    },
    { encoding: 'utf-8' },
  ],
  ['semicolons', two.replaceAll(',', ';'), { delimiter: ';', contacts: [ada, bob] }],
  ['tabs', two.replaceAll(',', '\t'), { delimiter: '\t', contacts: [ada, bob] }],
  ['bars', two.replaceAll(',', '|'), { delimiter: '|', contacts: [ada, bob] }],
  [
    'a line that says the delimiter',
    `sep=|\r\n${two.replaceAll(',', '|')}`,
    { delimiter: '|', contacts: [ada, bob] },
  ],
  [
    'semicolons between words with commas',
    'name;phone\nA, B, C;030 123456\nD, E, F;030 123457\n',
    { delimiter: ';', contacts: ['A, B, C +4930123456', 'D, E, F +4930123457'] },
  ],
  ['the wrong delimiter', two, { contacts: [], columns: ['ignore'] }, { delimiter: ';' }],
  ['one column', 'phone\n030 123456\n030 123457\n', { contacts: ['null +4930123456', 'null +4930123457'] }],
  ['line ends of Windows', two.replaceAll('\n', '\r\n'), { contacts: [ada, bob] }],
  ['line ends of old Macs', two.replaceAll('\n', '\r'), { contacts: [ada, bob] }],
  ['line ends of all kinds', 'name,phone\r\nAda,030 123456\nBob,030 123457\r', { contacts: [ada, bob] }],
  ['no line end at the end', two.trimEnd(), { contacts: [ada, bob] }],
  [
    'empty lines between and behind',
    `\n\nname,phone\n\nAda,030 123456\n\n\nBob,030 123457\n\n`,
    { contacts: [ada, bob] },
  ],
  [
    'rows of delimiters alone',
    `${two},\n,\n`,
    {
      contacts: [ada, bob],
      rejected: Array<string>(2).fill(
        'there is neither a number nor an e-mail address by which the contact could be known again',
      ),
    },
  ],
  ['quotes around all', two.replaceAll(/[^,\n]+/g, '"$&"'), { contacts: [ada, bob] }],
  [
    'doubled quotes within',
    'name,phone\n"Ada ""Countess"" L",030 123456\n',
    { contacts: ['Ada "Countess" L +4930123456'] },
  ],
  [
    'delimiters and line ends within quotes',
    'name,phone\n"Ada,\nCountess",030 123456\n',
    { contacts: ['Ada, Countess +4930123456'] },
  ],
  ['a quote within a word', 'name,phone\n5" pipe,030 123456\n', { contacts: ['5" pipe +4930123456'] }],
  [
    'words behind a closing quote',
    'name,phone\n"Ada" L,030 123456\nBob,030 123457\n',
    { contacts: ['"Ada" L +4930123456', bob] },
  ],
  [
    'a quote that is never closed',
    `${two}"Cem,030 123458\nDan,030 123459\n`,
    {
      contacts: [ada, bob],
      problem:
        'A quote that is opened in row 3 or behind it is never closed; close it, or double it where it is meant as a letter',
    },
  ],
  [
    'a quote that is never closed in a large file',
    Buffer.from(`${two}"Cem,030 123458\n${two.repeat(60_000)}`),
    {
      contacts: [ada, bob],
      problem: 'Row 3 is larger than 1048576 bytes; most often a quote in it is never closed',
    },
  ],
  [
    'NULs within words',
    'name,phone\nA\0da,030 123456\nBob,030 123457\n',
    { contacts: [bob], rejected: ['the name holds control characters'] },
  ],
  [
    'nothing but NULs',
    Buffer.alloc(5_000),
    { problem: 'The file holds nothing but NUL bytes; it was not written to its end' },
  ],
  [
    'control characters',
    'name,phone\nA\u0007da,030 123456\nBob\u001b[31m,030 123457\n',
    { contacts: [], rejected: Array<string>(2).fill('the name holds control characters') },
  ],
  [
    'a first row that never ends',
    `"${'x'.repeat(200_000)}`,
    {
      problem: 'No row of the file can be read: its first one is too large, or a quote in it is never closed',
    },
  ],
  ['nothing', '', { problem: 'The file is empty; choose one with rows' }],
  ['nothing but a mark', '\ufeff', { problem: 'The file holds nothing but blanks; choose one with rows' }],
  ['nothing but blanks', ' \n\t\n  ', { problem: 'The file holds nothing but blanks; choose one with rows' }],
  ['a header alone', 'name,phone\n', { contacts: [], rejected: [], columns: ['name', 'phone'] }],
  ['no header', 'Ada,030 123456\nBob,030 123457\n', { columns: ['name', 'phone'], contacts: [ada, bob] }],
  [
    'a header that says nothing',
    'a,b\nAda,030 123456\nBob,030 123457\n',
    { columns: ['ignore', 'phone'], contacts: ['null +4930123456', 'null +4930123457'] },
  ],
  [
    'names of columns twice',
    'name,name,phone\nAda,X,030 123456\n',
    { columns: ['name', 'ignore', 'phone'], contacts: [ada] },
  ],
  [
    'parts of names',
    'Vorname;Nachname;Firma;E-Mail;Handy\nAda;Lovelace;Acme;ADA@X.org;0170 1234567\n',
    {
      columns: ['givenName', 'familyName', 'company', 'email', 'mobile'],
      contacts: ['Ada Lovelace +491701234567'],
    },
  ],
  [
    'several numbers in a cell',
    'name,phone\nAda,"030 123456 ::: 030 123457; +49 30 123458"\n',
    { contacts: [ada] },
  ],
  [
    'rows that are too short and too long',
    'name,phone,company\nAda\nBob,030 123457\nCem,030 123458,Acme,more,and more\n',
    {
      contacts: [bob, 'Cem +4930123458'],
      rejected: ['there is neither a number nor an e-mail address by which the contact could be known again'],
    },
  ],
  [
    'a million columns',
    Buffer.from(`${'x,'.repeat(400_000)}x\n1,2\n`),
    {
      problem:
        'The file has more than 500 columns, which is more than can be read; its delimiter may be another one',
    },
  ],
  [
    'more columns than any contact has',
    `${'x,'.repeat(600)}x\n1,2\n`,
    {
      problem:
        'The file has more than 500 columns, which is more than can be read; its delimiter may be another one',
    },
  ],
  [
    'one row with too many columns',
    `${two}Cem,030 123458${',x'.repeat(600)}\nDan,030 123459\n`,
    { contacts: [ada, bob, 'Dan +4930123459'], rejected: ['the row has more than 500 columns'] },
    { columns: ['name', 'phone'], delimiter: ',' },
  ],
  [
    'a huge field',
    `name,phone\n${'x'.repeat(500_000)},030 123456\nBob,030 123457\n`,
    { contacts: [bob], rejected: ['the name is longer than 200 letters'] },
    { hasHeader: true },
  ],
  [
    'formulas',
    'name,phone\n"=HYPERLINK(""http://x"")",030 123456\n@SUM(1),030 123457\n',
    { contacts: ['=HYPERLINK("http://x") +4930123456', '@SUM(1) +4930123457'] },
  ],
  [
    'marks that turn the direction',
    'name,phone\nAda\u202egpj.exe,030 123456\n',
    { contacts: ['Adagpj.exe +4930123456'] },
  ],
  [
    'numbers that are none',
    'name,phone\nAda,n/a\nBob,030 123457\n',
    { contacts: [bob], rejected: ['“n/a” can’t be read as a number of DE, nor with a country code'] },
  ],
  [
    'numbers that a spreadsheet has rounded',
    'name,phone\nAda,4.93012E+11\nBob,030 123457\n',
    { contacts: [bob], rejected: ['“4.93012E+11” can’t be read as a number of DE, nor with a country code'] },
  ],
  [
    'a spreadsheet',
    Buffer.from('PK\u0003\u0004rest of it'),
    { problem: 'The file is a spreadsheet or an archive; save it as CSV first' },
  ],
  ['letters beyond the basic plane', 'name,phone\n𝔄𝔡𝔞 👩‍💻,030 123456\n', { contacts: ['𝔄𝔡𝔞 👩‍💻 +4930123456'] }],
];

it('there are fifty of them at least, each another one', () => {
  expect(new Set(cases.map(([what]) => what)).size).toBe(cases.length);
  expect(cases.length).toBeGreaterThanOrEqual(50);
});

it.each(cases.map(([what, ...rest]) => [what, rest] as const))('%s', async (_what, [file, heard, wishes]) => {
  expect(await read(typeof file === 'string' ? Buffer.from(file) : file, wishes)).toMatchObject(heard);
});

it('rows that are done are passed over, with and without a header, wherever a chunk ended', async () => {
  for (const hasHeader of [true, false]) {
    const body = Array.from({ length: 7 }, (_, index) => [`n${index}`, `${index}`]);
    const text = [...(hasHeader ? [['name', 'phone']] : []), ...body].map((row) => row.join(',')).join('\n');
    for (let skip = 0; skip <= 7; skip += 1) {
      const rows: (readonly string[])[] = [];
      const format = { encoding: 'utf-8', delimiter: ',', hasHeader } as const;
      for await (const chunk of readRows(pieces(Buffer.from(text)), format, { chunkRows: 3, skip })) {
        expect(chunk.before).toBe(skip + rows.length);
        rows.push(...chunk.rows);
      }
      expect(rows).toEqual(body.slice(skip));
    }
  }
});
