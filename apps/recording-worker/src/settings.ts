import { pbxSettings } from '@trunkline/pbx';
import { integer, setting, storeSettings, type Settings } from '@trunkline/service-kit';
import { storageSettings } from '@trunkline/storage';

export const recordingWorkerSettings = {
  ...storeSettings,
  storage: storageSettings,
  pbx: { credentialsDirectory: pbxSettings.credentialsDirectory },
  work: {
    parallel: setting({
      variable: 'TRUNKLINE_RECORDING_PARALLEL',
      schema: integer({ min: 1, max: 64 }),
      default: { value: '4', because: 'each PBX gives out one at a time anyway' },
      explain: 'Recordings that a recording-worker fetches at once, each from another PBX.',
      example: '8',
    }),
    megabytesMax: setting({
      variable: 'TRUNKLINE_RECORDING_MEGABYTES',
      schema: integer({ min: 1, max: 4_096 }),
      default: { value: '512', because: 'nine hours of uncompressed sound' },
      explain: 'A recording that is larger is given up.',
      example: '512',
    }),
  },
};
export type RecordingWorkerSettings = Settings<typeof recordingWorkerSettings>;

/** Longer than downloads are waited for and what has none is put back. */
export const stopBudgetMs = 15_000;
