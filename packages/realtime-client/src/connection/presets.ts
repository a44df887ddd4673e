import type { ConnectionSettings } from './settings.ts';

/** A phone on a desk: patient, and slow to call a connection dead. */
export const softphone = {
  fullJitter: false,
  maxReconnectAttempts: 20,
  baseDelay: 1_000,
  maxDelay: 30_000,
  jitterRange: 1_000,
  connectionTimeout: 15_000,
  heartbeatInterval: 25_000,
  healthCheckInterval: 30_000,
  unhealthyThreshold: 3,
} as const satisfies Partial<ConnectionSettings>;

/** A conversation: five attempts at 1, 2, 4, 8 and 16 seconds. */
export const chat = {
  fullJitter: false,
  maxReconnectAttempts: 5,
  baseDelay: 1_000,
  heartbeatInterval: 30_000,
} as const satisfies Partial<ConnectionSettings>;

/** A page of a CRM: ten attempts, each up to 30 % later than it would be. */
export const crm = {
  fullJitter: false,
  maxReconnectAttempts: 10,
  baseDelay: 1_000,
  maxDelay: 30_000,
  jitterFactor: 0.3,
  heartbeatInterval: 30_000,
} as const satisfies Partial<ConnectionSettings>;
