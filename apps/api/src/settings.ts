import { accessSettings } from '@trunkline/access';
import { importUploadSettings } from '@trunkline/contacts';
import {
  duration,
  integer,
  list,
  port,
  setting,
  storeSettings,
  text,
  url,
  type Settings,
} from '@trunkline/service-kit';
import { storageSettings } from '@trunkline/storage';
import { stuckCallSettings } from '@trunkline/stuck-calls';
import { webhookSettings } from '@trunkline/webhooks';
import { consoleSettings } from './console/console-settings.ts';

const perMinute = (variable: string, value: string, because: string, explain: string) =>
  setting({
    variable,
    schema: integer({ min: 1, max: 1_000_000 }),
    default: { value, because },
    explain,
    example: value,
  });

const api = {
  host: setting({
    variable: 'TRUNKLINE_API_HOST',
    schema: text(),
    default: { value: '127.0.0.1', because: 'TLS is ended by a proxy before it' },
    explain: 'The address on which the API listens; 0.0.0.0 in a container.',
    example: '0.0.0.0',
  }),
  port: setting({
    variable: 'TRUNKLINE_API_PORT',
    schema: port(),
    default: { value: '8080', because: 'it is what people try' },
    explain: 'The port of the API. 0 takes any free one.',
    example: '8080',
  }),
  perUserMax: perMinute(
    'TRUNKLINE_API_REQUESTS_PER_USER',
    '600',
    'a busy screen asks less than ten times a second',
    'How many requests of one user are answered in a minute.',
  ),
  perAddressMax: perMinute(
    'TRUNKLINE_API_REQUESTS_PER_ADDRESS',
    '60',
    'only those without a valid token are counted',
    'How many requests that carry no valid token are answered to one address in a minute.',
  ),
  trustedProxies: setting({
    variable: 'TRUNKLINE_API_TRUSTED_PROXIES',
    schema: list(text({ max: 100 })),
    optional: true,
    explain: 'Addresses or networks of the proxies before it, whose X-Forwarded-For is believed.',
    example: '10.0.0.0/8',
  }),
  corsOrigins: setting({
    variable: 'TRUNKLINE_API_CORS_ORIGINS',
    schema: list(url(['https', 'http'])),
    optional: true,
    explain: 'Origins of web pages elsewhere that may call the API. None unless set.',
    example: 'https://crm.example.com',
  }),
  commandMs: setting({
    variable: 'TRUNKLINE_API_COMMAND_WITHIN',
    schema: duration({ min: '1s', max: '30s' }),
    default: { value: '8s', because: 'a person waits for it' },
    explain: 'How long a request waits for what a PBX says to a command, such as to make a call.',
    example: '8s',
  }),
};

const login = {
  publicUrl: setting({
    variable: 'TRUNKLINE_API_PUBLIC_URL',
    schema: url(['https', 'http']),
    optional: true,
    explain:
      'Where browsers reach the API. With it and TRUNKLINE_API_SESSION_SECRET people can sign in, and /queues and /operations are served.',
    example: 'https://trunkline.example.com',
  }),
  sessionSecret: setting({
    variable: 'TRUNKLINE_API_SESSION_SECRET',
    schema: text({ min: 32 }),
    optional: true,
    secret: true,
    explain:
      'What sessions and links to recordings are encrypted with. The same for all replicas; a new one signs everybody out.',
    example: 'at least 32 characters that nobody can guess',
  }),
  sessionMs: setting({
    variable: 'TRUNKLINE_API_SESSION_LIFE',
    schema: duration({ min: '1m', max: '12h' }),
    default: { value: '1h', because: 'it ends no later than the token that it began with' },
    explain: 'How long somebody stays signed in.',
    example: '30m',
  }),
  clientId: setting({
    variable: 'TRUNKLINE_API_CLIENT_ID',
    schema: text({ max: 200 }),
    default: { value: 'trunkline-api', because: 'it is the name of this service' },
    explain: 'As which client of the identity provider the API signs people in.',
    example: 'trunkline-api',
  }),
  clientSecret: setting({
    variable: 'TRUNKLINE_API_CLIENT_SECRET',
    schema: text({ max: 1_000 }),
    optional: true,
    secret: true,
    explain: 'Its secret; a public client has none and is protected by PKCE.',
    example: 'given by the identity provider',
  }),
  scope: setting({
    variable: 'TRUNKLINE_API_LOGIN_SCOPE',
    schema: text({ max: 500 }),
    default: { value: 'openid', because: 'roles say what somebody may do' },
    explain: 'What is asked for when somebody signs in.',
    example: 'openid platform:read platform:write',
  }),
};

export const apiSettings = {
  ...storeSettings,
  tokens: accessSettings,
  stuckCalls: stuckCallSettings,
  webhooks: webhookSettings,
  storage: storageSettings,
  imports: importUploadSettings,
  api,
  login,
  console: consoleSettings,
};
export type ApiSettings = Settings<typeof apiSettings>;
