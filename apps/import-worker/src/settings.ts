import { importWorkSettings } from '@trunkline/contacts';
import { storeSettings, type Settings } from '@trunkline/service-kit';
import { storageSettings } from '@trunkline/storage';

export const importWorkerSettings = { ...storeSettings, storage: storageSettings, work: importWorkSettings };
export type ImportWorkerSettings = Settings<typeof importWorkerSettings>;

/** Longer than a chunk takes to be rolled back and its import to be put back. */
export const stopBudgetMs = 10_000;
