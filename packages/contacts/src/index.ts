export { contactBounds, sortKeyOf, type Contact, type ContactCard, type LabelledNumber } from './contact.ts';
export { ContactError, type ContactProblem } from './contact-error.ts';
export { readCard, type ReadCard, type WrittenCard } from './book/read-card.ts';
export { readEmail } from './book/read-email.ts';
export { isCountry, readNumber, type CountryCode } from './book/read-number.ts';
export { fillBlanks, isSameCard, update } from './book/merge-cards.ts';
export {
  mergePolicies,
  mergeRows,
  type KnownContact,
  type MergedContact,
  type MergedRows,
  type MergePolicy,
  type RowOutcome,
} from './book/merge-rows.ts';
export { encodings, type Encoding } from './csv/detect-encoding.ts';
export { delimiters, type Delimiter } from './csv/guess-delimiter.ts';
export { columnTargets, type ColumnTarget } from './csv/guess-columns.ts';
export {
  previewFile,
  sampleBytesMax,
  type FilePreview,
  type FormatWishes,
  type PreviewColumn,
  type PreviewRow,
  type Sample,
} from './csv/preview-file.ts';
export type { FileFormat } from './csv/read-rows.ts';
export { watchUtf8, type Utf8Watch } from './csv/watch-utf8.ts';
export {
  cancelImport,
  importStates,
  insertImport,
  readImport,
  startImport,
  type ContactImport,
  type ImportAddress,
  type ImportState,
  type NewImport,
} from './imports/contact-import.ts';
export { forgetImports, type ForgettingHost, type KeptFor } from './imports/forget-imports.ts';
export {
  addImportJob,
  createImportQueue,
  importJobSchema,
  importQueue,
  type ImportJob,
  type ImportQueue,
} from './imports/import-queue.ts';
export { importUploadSettings, importWorkSettings } from './imports/import-settings.ts';
export {
  countImports,
  giveUpImport,
  openImports,
  type ImportCounts,
  type OpenImport,
} from './imports/open-imports.ts';
export type { ImportPlan } from './imports/import-plan.ts';
export type { ChunkCounts, Rejection } from './imports/merge-chunk.ts';
export {
  countryOf,
  previewImport,
  receiveFile,
  type ReceivedFile,
  type ReceiveHost,
} from './imports/receive-file.ts';
export { rejectedCsv } from './imports/rejected-csv.ts';
export { runImport, type ImportHost } from './imports/run-import.ts';
export { readShownImport, shownImport, tellImport } from './imports/tell-import.ts';
export { beginImport, type BeginWishes } from './imports/begin-import.ts';
export { eachRejection, listImports } from './imports/list-imports.ts';
export {
  createContact,
  deleteContact,
  updateContact,
  type ContactAddress,
  type SeenContact,
} from './store/change-contacts.ts';
export { isNumberSearch, listContacts, readContact, type ContactFilter } from './store/read-contacts.ts';
export { findByNumber, type Caller } from './store/find-by-number.ts';
