import { ingestSettings } from '@trunkline/ingest';

export const lifecycleSettings = ingestSettings;

/** Longer than the batches in hand may take. */
export const stopBudgetMs = 10_000;
