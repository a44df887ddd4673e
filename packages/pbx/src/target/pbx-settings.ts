import { setting, text } from '@trunkline/service-kit';

/** What every process must be told that logs in to PBXs. */
export const pbxSettings = {
  egress: setting({
    variable: 'TRUNKLINE_EGRESS',
    schema: text({ max: 80 }),
    default: { value: 'default', because: 'most installations leave through one address' },
    explain:
      'A name for the address under which PBXs see this process. PBXs block addresses; processes with the same name share the block.',
    example: 'nat-frankfurt',
  }),
  credentialsDirectory: setting({
    variable: 'TRUNKLINE_CREDENTIALS_DIR',
    schema: text(),
    optional: true,
    explain:
      'A folder with a folder for each credential that holds the files username and password, as Kubernetes mounts secrets of the type basic-auth. Credentials may also come from TRUNKLINE_PBX_<NAME>_USERNAME and TRUNKLINE_PBX_<NAME>_SECRET.',
    example: '/var/run/credentials',
  }),
};
