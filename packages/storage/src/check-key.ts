import { StorageError } from './file-storage.ts';

const keyLettersMax = 512;

/** Of each part: it begins with a letter or digit, so none is hidden, goes up, or reads as an option of a command. */
const partShape = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/**
 * Keys have parts of plain letters, divided by slashes: they mean the same in a folder and in an object store, and name nothing outside of it. No
 * part of one comes from outside as it is; one that does anyway is refused here.
 */
export function checkKey(key: string): string {
  const parts = key.split('/');
  if (key.length <= keyLettersMax && parts.every((part) => partShape.test(part) && !part.endsWith('.part')))
    return key;
  throw new StorageError(
    'bad-key',
    'The key of a file has parts of letters, digits, dots, dashes and underscores, divided by slashes, each beginning with a letter or digit',
  );
}
