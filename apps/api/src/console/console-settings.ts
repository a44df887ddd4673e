import { join } from 'node:path';
import { oneOf, setting, text, url } from '@trunkline/service-kit';

/** Where the build of apps/console lies in a checkout. */
const builtFolder = join(import.meta.dirname, '../../../console/dist');

/** What the console that is served here is told, and where it lies. */
export const consoleSettings = {
  directory: setting({
    variable: 'TRUNKLINE_CONSOLE_DIR',
    schema: text(),
    default: { value: builtFolder, because: 'it is where the console is built' },
    explain: 'The folder of the built console. Without one, / says how to build it.',
    example: '/srv/trunkline/console',
  }),
  environment: setting({
    variable: 'TRUNKLINE_CONSOLE_ENVIRONMENT',
    schema: oneOf(['production', 'development'] as const),
    default: { value: 'production', because: 'what is for development only must be asked for' },
    explain: 'What the console shows itself as. In development it may steer a simulated PBX.',
    example: 'development',
  }),
  clientId: setting({
    variable: 'TRUNKLINE_CONSOLE_CLIENT_ID',
    schema: text({ max: 200 }),
    default: { value: 'trunkline-console', because: 'it is what the console is called' },
    explain:
      'As which client of the identity provider the console signs people in: a public one, with PKCE, and the redirect <public url>/signed-in.',
    example: 'trunkline-console',
  }),
  scope: setting({
    variable: 'TRUNKLINE_CONSOLE_SCOPE',
    schema: text({ max: 500 }),
    default: {
      value: 'openid profile offline_access',
      because: 'roles say what somebody may do, and a refresh token keeps them signed in',
    },
    explain: 'What the console asks for when somebody signs in.',
    example: 'openid profile offline_access',
  }),
  pushUrl: setting({
    variable: 'TRUNKLINE_CONSOLE_PUSH_URL',
    schema: url(['wss', 'ws']),
    optional: true,
    explain:
      'Where the console finds push. Unless it is set, at /ws of its own address, where an ingress leads to push.',
    example: 'wss://push.example.com/ws',
  }),
  simulatorUrl: setting({
    variable: 'TRUNKLINE_API_SIMULATOR_URL',
    schema: url(['http']),
    optional: true,
    explain:
      'The control interface of a simulated PBX, which /v1/simulator then steers. Of no effect where TRUNKLINE_CONSOLE_ENVIRONMENT is production.',
    example: 'http://127.0.0.1:8099',
  }),
};
