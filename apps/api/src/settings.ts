import { accessSettings } from '@trunkline/access';
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
import { stuckCallSettings } from '@trunkline/stuck-calls';

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

export const apiSettings = { ...storeSettings, tokens: accessSettings, stuckCalls: stuckCallSettings, api };
export type ApiSettings = Settings<typeof apiSettings>;
