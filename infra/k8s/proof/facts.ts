import { serviceSettings, STEP_BUDGET_MS, type SettingsMap } from '@trunkline/service-kit';
import { apiSettings } from '../../../apps/api/src/settings.ts';
import { cleanupSettings, stopBudgetMs as cleanupStopMs } from '../../../apps/cleanup-worker/src/settings.ts';
import { cliSettings } from '../../../apps/cli/src/settings.ts';
import { connectorSettings, stopBudgetMs as connectorStopMs } from '../../../apps/connector/src/settings.ts';
import {
  importWorkerSettings,
  stopBudgetMs as importStopMs,
} from '../../../apps/import-worker/src/settings.ts';
import {
  lifecycleSettings,
  stopBudgetMs as lifecycleStopMs,
} from '../../../apps/lifecycle-worker/src/settings.ts';
import { PUSH_TUNING } from '../../../apps/push/src/push-tuning.ts';
import {
  pushSettings,
  stopBudgetMsOf,
  tuningOf,
  type PushSettings,
} from '../../../apps/push/src/settings.ts';
import {
  stopBudgetMs as sweepStopMs,
  stuckCallWorkerSettings,
} from '../../../apps/stuck-call-worker/src/settings.ts';
import {
  recordingWorkerSettings,
  stopBudgetMs as recordingStopMs,
} from '../../../apps/recording-worker/src/settings.ts';
import {
  stopBudgetMs as webhookStopMs,
  webhookWorkerSettings,
} from '../../../apps/webhook-worker/src/settings.ts';

/** The settings of a process as they were read: by part, then by name. */
export type Read = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface AppFacts {
  readonly settings: SettingsMap;
  /** How long its own part of a stop may take. */
  readonly stopMs: (read: Read) => number;
  /** The part of its settings that holds host and port, where people connect to it. */
  readonly http?: string;
  /** Variables without which it does not start, or does half of what it is for. */
  readonly needs?: readonly string[];
  /** Replicas beyond the shards would have nothing to do. */
  readonly sharded?: true;
  /** What it may come to need by its own bounds. */
  readonly bytesMin?: number;
}

/** What the code says of each app; manifests and compose file are held to it. */
export const apps: Readonly<Record<string, AppFacts>> = {
  connector: {
    settings: connectorSettings,
    stopMs: () => connectorStopMs,
    needs: ['TRUNKLINE_CREDENTIALS_DIR'],
  },
  'lifecycle-worker': { settings: lifecycleSettings, stopMs: () => lifecycleStopMs, sharded: true },
  'cleanup-worker': { settings: cleanupSettings, stopMs: () => cleanupStopMs, sharded: true },
  'stuck-call-worker': { settings: stuckCallWorkerSettings, stopMs: () => sweepStopMs },
  'webhook-worker': {
    settings: webhookWorkerSettings,
    stopMs: () => webhookStopMs,
    needs: ['TRUNKLINE_WEBHOOK_KEY'],
  },
  'import-worker': {
    settings: importWorkerSettings,
    stopMs: () => importStopMs,
    needs: ['TRUNKLINE_STORAGE_DIR'],
  },
  'recording-worker': {
    settings: recordingWorkerSettings,
    stopMs: () => recordingStopMs,
    needs: ['TRUNKLINE_CREDENTIALS_DIR', 'TRUNKLINE_STORAGE_DIR'],
  },
  push: {
    settings: pushSettings,
    stopMs: ({ push }) => stopBudgetMsOf(tuningOf(push as unknown as PushSettings)),
    http: 'push',
    // What waits for slow sockets, and as much again for everything else.
    bytesMin: 2 * PUSH_TUNING.bufferedBytesMax,
  },
  api: {
    settings: apiSettings,
    stopMs: () => STEP_BUDGET_MS,
    http: 'api',
    needs: [
      'TRUNKLINE_API_PUBLIC_URL',
      'TRUNKLINE_API_SESSION_SECRET',
      'TRUNKLINE_WEBHOOK_KEY',
      'TRUNKLINE_STORAGE_DIR',
    ],
  },
};

/** The job that brings the schema. */
export const migration = { app: 'cli', args: ['cli', 'migrate'] };

/** What stands in the environment of every process. */
export const settingsOf = (app: string): SettingsMap => ({
  ...(app === migration.app ? cliSettings : apps[app]?.settings),
  ...serviceSettings,
});

/** What an operator makes before anything is applied, and the keys it has. */
export const secrets: Readonly<Record<string, readonly string[]>> = {
  'trunkline-stores': ['DATABASE_URL', 'REDIS_URL'],
  'trunkline-webhooks': ['TRUNKLINE_WEBHOOK_KEY'],
  'trunkline-api': ['TRUNKLINE_API_SESSION_SECRET', 'TRUNKLINE_API_CLIENT_SECRET'],
};
