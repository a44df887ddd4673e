export { createImportLab, type ImportLab, type Replica } from './import-lab.ts';
export { killWorkers, type KillStorm, type StormEnd } from './kill-workers.ts';
export { differencesAfter, madeFile } from './made-file.ts';
