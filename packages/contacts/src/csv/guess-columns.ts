import { readEmail } from '../book/read-email.ts';
import { readNumber, type CountryCode } from '../book/read-number.ts';
import { columnsMax } from './parser-options.ts';

/** What a column of a file can hold. Several may hold numbers, tags and parts of a name. */
export const columnTargets = [
  'ignore',
  'name',
  'givenName',
  'familyName',
  'company',
  'email',
  'phone',
  'mobile',
  'work',
  'home',
  'tags',
  'notes',
] as const;
export type ColumnTarget = (typeof columnTargets)[number];

/** These name a number, and label it where they say of which kind it is. */
export const numberTargets: ReadonlySet<ColumnTarget> = new Set(['phone', 'mobile', 'work', 'home']);

/** Those that a contact has one of; of several columns the first is taken. */
const single: ReadonlySet<ColumnTarget> = new Set(['name', 'givenName', 'familyName', 'company', 'email']);

/** Names of columns in the exports of spreadsheets, address books and CRMs, without anything but letters and digits. */
const names: Readonly<Partial<Record<ColumnTarget, readonly string[]>>> = {
  name: [
    'name',
    'fullname',
    'displayname',
    'contact',
    'contactname',
    'kontakt',
    'vollername',
    'anzeigename',
    'nom complet',
    'nombre completo',
    'nomecompleto',
  ],
  givenName: ['firstname', 'givenname', 'vorname', 'prenom', 'nombre', 'nome', 'first', 'forename'],
  familyName: [
    'lastname',
    'familyname',
    'surname',
    'nachname',
    'familienname',
    'nom',
    'apellido',
    'apellidos',
    'cognome',
    'last',
  ],
  company: [
    'company',
    'companyname',
    'organization',
    'organisation',
    'organizationname',
    'organization1name',
    'firma',
    'unternehmen',
    'societe',
    'entreprise',
    'empresa',
    'azienda',
    'account',
    'accountname',
    'customer',
    'kunde',
  ],
  email: [
    'email',
    'emailaddress',
    'email1value',
    'email1',
    'mail',
    'emailadresse',
    'courriel',
    'correo',
    'correoelectronico',
    'workemail',
    'primaryemail',
    'epost',
  ],
  phone: [
    'phone',
    'phonenumber',
    'number',
    'telephone',
    'telephonenumber',
    'tel',
    'telefon',
    'telefonnummer',
    'rufnummer',
    'nummer',
    'phone1value',
    'phone2value',
    'phone3value',
    'phone1',
    'phone2',
    'otherphone',
    'primaryphone',
    'telefono',
    'telephonefixe',
    'landline',
    'festnetz',
    'tel1',
    'tel2',
  ],
  mobile: [
    'mobile',
    'mobilephone',
    'mobilenumber',
    'mobil',
    'mobiltelefon',
    'handy',
    'handynummer',
    'cell',
    'cellphone',
    'portable',
    'movil',
    'cellulare',
  ],
  work: [
    'businessphone',
    'workphone',
    'officephone',
    'businessphone2',
    'companymainphone',
    'telefongeschaftlich',
    'geschaftlich',
    'office',
    'work',
    'buro',
  ],
  home: ['homephone', 'homephone2', 'privat', 'telefonprivat', 'home'],
  tags: [
    'tags',
    'tag',
    'labels',
    'groups',
    'categories',
    'kategorien',
    'gruppen',
    'etiquetas',
    'groupmembership',
    'category',
    'segment',
  ],
  notes: [
    'notes',
    'note',
    'comment',
    'comments',
    'description',
    'notizen',
    'notiz',
    'bemerkung',
    'bemerkungen',
    'kommentar',
    'remarks',
    'remarques',
    'notas',
  ],
};

const targetOf = new Map(
  Object.entries(names).flatMap(([target, list]) =>
    list.map((name) => [plain(name), target as ColumnTarget] as const),
  ),
);

/** Letters and digits alone, without accents: `E-Mail`, `e mail` and `EMAIL` are one name. */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

export interface GuessedColumns {
  readonly hasHeader: boolean;
  readonly targets: readonly ColumnTarget[];
}

/** What the columns of a file hold, by their names, and by what stands in them where these say nothing. */
export function guessColumns(
  rows: readonly (readonly string[])[],
  country: CountryCode | null,
  hasHeader = hasHeaderIn(rows, country),
): GuessedColumns {
  const [first = []] = rows;
  const body = hasHeader ? rows.slice(1) : rows;
  const columns = Math.min(columnsMax, Math.max(0, ...rows.map(({ length }) => length)));
  const taken = new Set<ColumnTarget>();
  const byName = Array.from({ length: columns }, (_, index): ColumnTarget => {
    const named = hasHeader ? targetOf.get(plain(first[index] ?? '')) : undefined;
    if (named === undefined || (single.has(named) && taken.has(named))) return 'ignore';
    taken.add(named);
    return named;
  });
  const targets = byName.map((named, index) => {
    if (named !== 'ignore') return named;
    const target = targetByContent(
      body.map((row) => row[index] ?? ''),
      country,
    );
    if (target === 'ignore' || (single.has(target) && taken.has(target))) return 'ignore';
    taken.add(target);
    return target;
  });
  return { hasHeader, targets: hasHeader ? targets : withName(targets, body) };
}

/** A first row with an address or a number is a contact; one with a name that we know is not. */
function hasHeaderIn(rows: readonly (readonly string[])[], country: CountryCode | null): boolean {
  const cells = (rows[0] ?? []).filter((cell) => cell.trim() !== '');
  if (cells.some((cell) => readEmail(cell) !== null || isNumber(cell, country))) return false;
  return cells.some((cell) => targetOf.has(plain(cell))) || rows.length > 1;
}

const isNumber = (cell: string, country: CountryCode | null): boolean =>
  /\d{3}/.test(cell.replace(/\D/g, '')) && readNumber(cell, country) !== null;

/** Most of what stands there must be of a kind; a customer's number is often enough as long as that of a telephone. */
const shareMin = 0.8;

function targetByContent(cells: readonly string[], country: CountryCode | null): ColumnTarget {
  const filled = cells.filter((cell) => cell.trim() !== '');
  if (filled.length === 0) return 'ignore';
  const isMostly = (is: (cell: string) => boolean): boolean =>
    filled.filter(is).length >= filled.length * shareMin;
  if (isMostly((cell) => readEmail(cell) !== null)) return 'email';
  const looksDialled = (cell: string): boolean => /^\s*(?:\+|0|\()|[ /()-]/.test(cell);
  if (isMostly((cell) => looksDialled(cell) && isNumber(cell, country))) return 'phone';
  return 'ignore';
}

/** Without names the first column with words is taken for that of the name. */
function withName(targets: readonly ColumnTarget[], body: readonly (readonly string[])[]): ColumnTarget[] {
  const index = targets.findIndex(
    (target, at) => target === 'ignore' && body.some((row) => /\p{L}{2}/u.test(row[at] ?? '')),
  );
  return targets.map((target, at) => (at === index ? 'name' : target));
}
