import {
  columnTargets,
  contactBounds,
  delimiters,
  encodings,
  importStates,
  mergePolicies,
} from '@trunkline/contacts';
import * as v from 'valibot';
import { count, id, instant, number, pageOf } from './common.ts';

const labelled = v.object({ number, label: v.nullable(v.string()) });

const card = {
  name: v.nullable(v.string()),
  company: v.nullable(v.string()),
  email: v.nullable(v.string()),
  tags: v.array(v.string()),
  notes: v.nullable(v.string()),
  numbers: v.array(labelled),
};

export const contactShape = v.object({
  id,
  ...card,
  createdAt: instant,
  updatedAt: instant,
  revision: v.pipe(
    count,
    v.description('Give it back with a change, which is refused where somebody else was faster.'),
  ),
});
export const contactPageShape = pageOf(contactShape);
export const deletedContactShape = v.object({ id, deleted: v.literal(true) });

/** Who is behind a number. */
export const callerShape = v.pipe(
  v.nullable(
    v.object({
      contact: id,
      name: v.nullable(v.string()),
      company: v.nullable(v.string()),
      label: v.nullable(v.string()),
    }),
  ),
  v.description(
    'The contact that has the number now; null without one, or without the scope `contacts:read`.',
  ),
);

const text = (lettersMax: number) => v.pipe(v.string(), v.maxLength(lettersMax));

/** What somebody may write about a contact. Normalised by the server; what can't be read is answered with all that is wrong. */
export const writtenCard = {
  name: v.exactOptional(v.nullable(text(4 * contactBounds.nameLettersMax))),
  company: v.exactOptional(v.nullable(text(4 * contactBounds.companyLettersMax))),
  email: v.exactOptional(v.nullable(text(4 * contactBounds.emailLettersMax))),
  tags: v.exactOptional(
    v.pipe(v.array(text(4 * contactBounds.tagLettersMax)), v.maxLength(contactBounds.tagsMax)),
  ),
  notes: v.exactOptional(v.nullable(text(2 * contactBounds.notesLettersMax))),
  numbers: v.exactOptional(
    v.pipe(
      v.array(
        v.strictObject({
          number: v.pipe(
            text(100),
            v.description('In any way of writing; without a country code in the country of the tenant.'),
          ),
          label: v.exactOptional(v.nullable(text(4 * contactBounds.labelLettersMax))),
        }),
      ),
      v.maxLength(contactBounds.numbersMax),
    ),
  ),
};

const planShape = v.object({
  format: v.object({
    encoding: v.picklist(encodings),
    delimiter: v.picklist(delimiters),
    hasHeader: v.boolean(),
  }),
  columns: v.array(v.picklist(columnTargets)),
  country: v.nullable(v.string()),
  policy: v.picklist(mergePolicies),
  isDryRun: v.boolean(),
});

export const importShape = v.object({
  id,
  fileName: v.string(),
  bytes: count,
  sha256: v.string(),
  state: v.picklist(importStates),
  cancelWanted: v.pipe(v.boolean(), v.description('It ends at its next chunk.')),
  plan: v.nullable(planShape),
  createdBy: v.string(),
  createdAt: instant,
  startedAt: v.nullable(instant),
  finishedAt: v.nullable(instant),
  rowsDone: count,
  bytesDone: count,
  created: count,
  updated: count,
  unchanged: count,
  skipped: count,
  rejected: count,
  problem: v.nullable(v.string()),
  revision: count,
});
export const importPageShape = pageOf(importShape);

export const previewShape = v.object({
  encoding: v.picklist(encodings),
  delimiter: v.picklist(delimiters),
  hasHeader: v.boolean(),
  country: v.pipe(v.nullable(v.string()), v.description('In which numbers without a country code are read.')),
  columns: v.array(
    v.object({
      header: v.nullable(v.string()),
      target: v.picklist(columnTargets),
      samples: v.array(v.string()),
    }),
  ),
  rows: v.array(v.object({ row: count, card: v.nullable(v.object(card)), problems: v.array(v.string()) })),
});
