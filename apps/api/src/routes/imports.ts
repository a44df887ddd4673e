import { Readable } from 'node:stream';
import type { Principal } from '@trunkline/access';
import {
  beginImport,
  cancelImport,
  columnTargets,
  ContactError,
  countryOf,
  delimiters,
  eachRejection,
  encodings,
  listImports,
  mergePolicies,
  previewImport,
  readImport,
  receiveFile,
  rejectedCsv,
  tellImport,
  type ContactImport,
  type FormatWishes,
  type Rejection,
} from '@trunkline/contacts';
import { redactJson } from '@trunkline/service-kit';
import { StorageError } from '@trunkline/storage';
import * as v from 'valibot';
import type { ApiContext } from '../api-context.ts';
import { audited } from '../audited.ts';
import { flag, paging, uuid, words } from '../http/inputs.ts';
import { defineRoute } from '../http/route.ts';
import { piecesOf } from '../http/take-files.ts';
import { importPageShape, importShape, previewShape } from '../shapes/contacts.ts';
import { readOwn } from './own.ts';

const importParams = v.strictObject({ import: uuid('The id of an import.') });

/** Where its file lies is nobody’s business. */
function shown({ fileKey: _key, tenant: _tenant, isUtf8: _isUtf8, ...known }: ContactImport) {
  return known;
}

export const listImportsRoute = defineRoute({
  method: 'GET',
  path: '/v1/imports',
  tag: 'Imports of contacts',
  summary: 'Imports, newest first',
  scope: 'contacts:read',
  numbers: 'none',
  query: v.strictObject(paging),
  answers: { 200: { description: 'A page of imports.', schema: importPageShape } },
  async handle({ principal, query }, context) {
    const page = await readOwn(context, principal, (tx) => listImports(tx, {}, query));
    return { body: { ...page, items: page.items.map(shown) } };
  },
});

export const readImportRoute = defineRoute({
  method: 'GET',
  path: '/v1/imports/{import}',
  tag: 'Imports of contacts',
  summary: 'One import and how far it is',
  description: 'The topic `imports:<id>` of push tells the same as it goes on.',
  scope: 'contacts:read',
  numbers: 'none',
  params: importParams,
  answers: { 200: { description: 'The import.', schema: importShape } },
  problems: ['not-found'],
  async handle({ principal, params: { import: id } }, context) {
    return { body: shown(await readOwn(context, principal, (tx) => readImport(tx, { id }))) };
  },
});

export const uploadRoute = defineRoute({
  method: 'POST',
  path: '/v1/imports',
  tag: 'Imports of contacts',
  summary: 'Takes a file of contacts in',
  description:
    'The body is the file: text with rows and columns, of any common encoding and delimiter. Nothing becomes of it until it is started; a file that nobody starts is forgotten after a day.',
  scope: 'contacts:write',
  numbers: 'none',
  takes: ['text/csv', 'application/octet-stream'],
  query: v.strictObject({ fileName: v.optional(words(200, 'What people call the file.')) }),
  answers: { 201: { description: 'It is here.', schema: importShape } },
  async handle({ principal, query: { fileName = 'contacts.csv' }, file, traceparent }, context) {
    const { tenant, user: by } = principal;
    const { database, storage, importBytesMax: bytesMax } = context;
    const source = piecesOf(file ?? Readable.from([]));
    const received = await audited(context, { principal, action: 'import.upload', traceparent }, () =>
      receiveFile({ database, storage }, { tenant, by, fileName, source, bytesMax }),
    );
    return { status: 201, headers: { location: `/v1/imports/${received.id}` }, body: shown(received) };
  },
});

const columnsMax = 500;

/** `name,phone` and the parameter repeated alike. */
const columnsParam = v.pipe(
  v.union([v.string(), v.array(v.string())]),
  v.transform((given) => [given].flat().flatMap((text) => text.split(','))),
  v.array(v.picklist(columnTargets, `must be one of ${columnTargets.join(', ')}`)),
  v.maxLength(columnsMax),
  v.description('What the columns hold, in their order, instead of the guess.'),
);

export const previewImportRoute = defineRoute({
  method: 'GET',
  path: '/v1/imports/{import}/preview',
  tag: 'Imports of contacts',
  summary: 'What the file seems to be, and what its first rows would become',
  scope: 'contacts:write',
  params: importParams,
  query: v.strictObject({
    encoding: v.optional(v.pipe(v.picklist(encodings), v.description('Instead of the guessed one.'))),
    delimiter: v.optional(v.pipe(v.picklist(delimiters), v.description('Instead of the guessed one.'))),
    hasHeader: v.optional(flag('Whether the first row names the columns, instead of the guess.')),
    columns: v.optional(columnsParam),
  }),
  answers: { 200: { description: 'The preview.', schema: previewShape } },
  problems: ['not-found'],
  async handle({ principal, params, query }, context) {
    const address = await own(context, principal, params.import);
    const preview = await previewImport(context, address, query);
    const country = await context.database.run((tx) => countryOf(tx, principal.tenant));
    return { body: { ...preview, country } };
  },
});

export const startImportRoute = defineRoute({
  method: 'POST',
  path: '/v1/imports/{import}/start',
  tag: 'Imports of contacts',
  summary: 'Starts an import; what is left out is as the preview guesses it',
  description:
    '`skip` leaves contacts that are known as they are, `fill` fills what is blank, `update` takes what the file says. A blank never deletes, and the same file twice changes nothing.',
  scope: 'contacts:write',
  numbers: 'none',
  params: importParams,
  body: v.optional(
    v.strictObject({
      encoding: v.exactOptional(v.picklist(encodings)),
      delimiter: v.exactOptional(v.picklist(delimiters)),
      hasHeader: v.exactOptional(v.boolean()),
      columns: v.exactOptional(v.pipe(v.array(v.picklist(columnTargets)), v.maxLength(columnsMax))),
      policy: v.exactOptional(v.picklist(mergePolicies)),
      dryRun: v.exactOptional(v.boolean()),
    }),
    {},
  ),
  answers: { 202: { description: 'A worker begins with it.', schema: importShape } },
  problems: ['not-found'],
  async handle(
    { principal, params, body: { policy = 'fill', dryRun = false, ...wishes }, traceparent },
    context,
  ) {
    const address = await own(context, principal, params.import);
    const action = {
      principal,
      action: 'import.start',
      target: address.id,
      details: { policy, dryRun },
      traceparent,
    };
    const { started, messages } = await audited(context, action, () =>
      beginImport(context, address, { ...(wishes as FormatWishes), policy, isDryRun: dryRun }),
    );
    await context.imports.enqueue([{ import: started.id, rowsDone: started.rowsDone }]);
    await context.relay(messages).catch(() => undefined);
    return { status: 202, body: shown(started) };
  },
});

export const cancelImportRoute = defineRoute({
  method: 'POST',
  path: '/v1/imports/{import}/cancel',
  tag: 'Imports of contacts',
  summary: 'Cancels an import; what was done stays',
  scope: 'contacts:write',
  numbers: 'none',
  params: importParams,
  answers: { 200: { description: 'It has ended, or ends at its next chunk.', schema: importShape } },
  problems: ['not-found'],
  async handle({ principal, params, traceparent }, context) {
    const address = await own(context, principal, params.import);
    const action = { principal, action: 'import.cancel', target: address.id, traceparent };
    const { known, messages } = await audited(context, action, () =>
      context.database.run(async (tx) => {
        const cancelled = await cancelImport(tx, address);
        return { known: cancelled, messages: await tellImport(tx, cancelled) };
      }),
    );
    await context.relay(messages).catch(() => undefined);
    return { body: shown(known) };
  },
});

export const rejectedRowsRoute = defineRoute({
  method: 'GET',
  path: '/v1/imports/{import}/rejected',
  tag: 'Imports of contacts',
  summary: 'The rows that were refused as a file, each with what is wrong with it',
  description:
    'To be corrected and imported again: the columns are as they were. What begins like a formula is made harmless.',
  scope: 'contacts:write',
  as: 'file',
  params: importParams,
  answers: { 200: { description: 'The file.', schema: v.string() } },
  problems: ['not-found'],
  async handle({ principal, params }, context) {
    const known = await readOwn(context, principal, (tx) => readImport(tx, { id: params.import }));
    const rows = eachRejection(
      (work) => readOwn(context, principal, work).then(maskedFor(principal)),
      known.id,
    );
    return {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': 'attachment; filename="rejected.csv"',
      },
      body: Readable.from(rejectedCsv(await headersOf(context, known), rows)),
    };
  },
});

/** An import of the tenant, behind both walls; one that is another’s is as unknown as none. */
async function own(context: ApiContext, principal: Principal, id: string) {
  const { tenant } = await readOwn(context, principal, (tx) => readImport(tx, { id }));
  return { id, tenant };
}

/** How the file names its columns, where it can still be asked. */
async function headersOf(context: ApiContext, { id, tenant, plan }: ContactImport): Promise<string[]> {
  try {
    const { columns } = await previewImport(context, { id, tenant }, plan?.format ?? {});
    return columns.map(({ header }, index) => header ?? `Column ${index + 1}`);
  } catch (error) {
    if (error instanceof ContactError || error instanceof StorageError) return [];
    throw error;
  }
}

/** A file passes no place at which answers are masked, so it is done here. */
const maskedFor =
  ({ scopes }: Principal) =>
  (rows: Rejection[]): Rejection[] =>
    scopes.has('numbers:read') ? rows : (redactJson(rows) as Rejection[]);
