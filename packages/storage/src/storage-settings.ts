import { setting, text } from '@trunkline/service-kit';

/** Must name the same place for all processes: what one stores another reads. */
export const storageSettings = {
  folder: setting({
    variable: 'TRUNKLINE_STORAGE_DIR',
    schema: text(),
    default: { value: './storage', because: 'a folder needs nothing else' },
    explain: 'The folder in which files are kept, the same for every process that stores or reads them.',
    example: '/var/lib/trunkline/storage',
  }),
};
