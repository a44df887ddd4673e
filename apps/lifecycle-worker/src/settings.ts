import { ingestSettings } from '@trunkline/ingest';

export const lifecycleSettings = ingestSettings;
