import { shortConnectorSettings } from '../../support/short-settings.ts';
import { stormCredential } from './office.ts';

export const stormShards = 4;

export const stormEnvironment: Readonly<Record<string, string>> = {
  ...shortConnectorSettings,
  TRUNKLINE_STREAM_SHARDS: String(stormShards),
  TRUNKLINE_LOG_LEVEL: 'info',
  TRUNKLINE_PBX_STORM_USERNAME: stormCredential.username,
  TRUNKLINE_PBX_STORM_SECRET: stormCredential.secret,
};
