import { describeSettings, serviceSettings, type SettingDescription } from '@trunkline/service-kit';
import { apiSettings } from '../../apps/api/src/settings.ts';
import { cleanupSettings } from '../../apps/cleanup-worker/src/settings.ts';
import { cliSettings } from '../../apps/cli/src/settings.ts';
import { connectorSettings } from '../../apps/connector/src/settings.ts';
import { devIssuerSettings } from '../../apps/dev-issuer/src/settings.ts';
import { importWorkerSettings } from '../../apps/import-worker/src/settings.ts';
import { lifecycleSettings } from '../../apps/lifecycle-worker/src/settings.ts';
import { recordingWorkerSettings } from '../../apps/recording-worker/src/settings.ts';
import { simulatorSettings } from '../../apps/pbx-simulator/src/service/simulator-settings.ts';
import { pushSettings } from '../../apps/push/src/settings.ts';
import { stuckCallWorkerSettings } from '../../apps/stuck-call-worker/src/settings.ts';
import { webhookWorkerSettings } from '../../apps/webhook-worker/src/settings.ts';

/** What each app reads, as its main declares it. The command line is no service, and has no operations server. */
const settingsByApp = {
  connector: { ...connectorSettings, ...serviceSettings },
  'lifecycle-worker': { ...lifecycleSettings, ...serviceSettings },
  'cleanup-worker': { ...cleanupSettings, ...serviceSettings },
  'stuck-call-worker': { ...stuckCallWorkerSettings, ...serviceSettings },
  'webhook-worker': { ...webhookWorkerSettings, ...serviceSettings },
  'import-worker': { ...importWorkerSettings, ...serviceSettings },
  'recording-worker': { ...recordingWorkerSettings, ...serviceSettings },
  push: { ...pushSettings, ...serviceSettings },
  api: { ...apiSettings, ...serviceSettings },
  cli: cliSettings,
  'pbx-simulator': { ...simulatorSettings, ...serviceSettings },
  'dev-issuer': { ...devIssuerSettings, ...serviceSettings },
} as const;

export type App = keyof typeof settingsByApp;

export const apps = Object.keys(settingsByApp) as readonly App[];

/** Those for development: no production runs them. */
export const developmentApps: readonly App[] = ['pbx-simulator', 'dev-issuer'];

export interface SettingOfApps extends SettingDescription {
  readonly apps: readonly App[];
}

/** Each variable once, with the apps that read it, described as the first of them does. */
export function settingsOfApps(): readonly SettingOfApps[] {
  const found = new Map<string, SettingOfApps>();
  for (const app of apps) {
    for (const setting of describeSettings(settingsByApp[app])) {
      const known = found.get(setting.variable);
      found.set(setting.variable, { ...(known ?? setting), apps: [...(known?.apps ?? []), app] });
    }
  }
  return [...found.values()];
}
