import type { ApiSettings } from '../settings.ts';
import { version } from '../version.ts';

/** What the page has to know before anybody has signed in. All of it is public. */
export interface ConsoleConfig {
  readonly environment: 'development' | 'production';
  readonly version: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly audience: string;
  readonly scope: string;
  /** Null where push is at `/ws` of the console's own address. */
  readonly pushUrl: string | null;
  /** There is a simulated PBX to steer. */
  readonly simulator: boolean;
}

export const consoleConfigOf = ({
  console,
  tokens: { issuer, audience },
}: Pick<ApiSettings, 'console' | 'tokens'>): ConsoleConfig => {
  const { environment, clientId, scope, pushUrl = null } = console;
  return {
    environment,
    version,
    issuer,
    clientId,
    audience,
    scope,
    pushUrl,
    simulator: simulatorUrlOf(console) !== null,
  };
};

/** Only a system in development has one, whatever else is set. */
export const simulatorUrlOf = ({
  environment,
  simulatorUrl,
}: Pick<ApiSettings['console'], 'environment' | 'simulatorUrl'>): string | null =>
  environment === 'development' ? (simulatorUrl ?? null) : null;
