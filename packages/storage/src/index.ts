export {
  StorageError,
  type FileStorage,
  type GetOptions,
  type PutOptions,
  type StorageProblem,
  type StoredFile,
} from './file-storage.ts';
export { checkKey } from './check-key.ts';
export { createFolderStorage } from './folder-storage.ts';
export { storageSettings } from './storage-settings.ts';
