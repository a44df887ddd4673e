import { duration, integer, setting } from '@trunkline/service-kit';

/** What whoever takes files in needs. */
export const importUploadSettings = {
  bytesMax: setting({
    variable: 'TRUNKLINE_IMPORT_BYTES',
    schema: integer({ min: 1_024, max: 10_737_418_240 }),
    default: { value: '268435456', because: 'two million contacts fit into 256 MiB' },
    explain: 'How large a file of contacts may be, in bytes. What is larger is refused while it comes in.',
    example: '268435456',
  }),
};

/** What the worker needs. */
export const importWorkSettings = {
  parallel: setting({
    variable: 'TRUNKLINE_IMPORT_PARALLEL',
    schema: integer({ min: 1, max: 16 }),
    default: { value: '2', because: 'reading rows needs a processor, and a replica has one' },
    explain: 'Imports that a replica works on at once. Two of one tenant take turns at chunks.',
    example: '2',
  }),
  keptMs: setting({
    variable: 'TRUNKLINE_IMPORT_KEPT',
    schema: duration({ min: '1h', max: '365d' }),
    default: {
      value: '7d',
      because: 'refused rows are corrected within days, and files are full of personal data',
    },
    explain: 'How long an import that has ended is kept, with its file and the rows that were refused.',
    example: '30d',
  }),
  unstartedMs: setting({
    variable: 'TRUNKLINE_IMPORT_UNSTARTED_KEPT',
    schema: duration({ min: '10m', max: '30d' }),
    default: { value: '1d', because: 'whoever looks at a preview decides the same day' },
    explain: 'How long a file is kept whose import nobody starts.',
    example: '1d',
  }),
};
