export { runFileStorageTests } from './file-storage-tests.ts';
