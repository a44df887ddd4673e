import type { Alert } from './alert.ts';
import { linkAlerts } from './link-alerts.ts';
import { screenAlerts } from './screen-alerts.ts';
import { serviceAlerts } from './service-alerts.ts';
import { streamAlerts } from './stream-alerts.ts';

export interface AlertGroup {
  readonly name: string;
  readonly alerts: readonly Alert[];
}

export const alertGroups: readonly AlertGroup[] = [
  { name: 'trunkline-streams', alerts: streamAlerts },
  { name: 'trunkline-links', alerts: linkAlerts },
  { name: 'trunkline-screens', alerts: screenAlerts },
  { name: 'trunkline-services', alerts: serviceAlerts },
];

export const allAlerts: readonly Alert[] = alertGroups.flatMap(({ alerts }) => alerts);
