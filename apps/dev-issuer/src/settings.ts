import { list, port, setting, text, url } from '@trunkline/service-kit';

export const devIssuerSettings = {
  issuer: {
    port: setting({
      variable: 'TRUNKLINE_DEV_ISSUER_PORT',
      schema: port(),
      default: { value: '0', because: 'the launcher chooses one and remembers it' },
      explain: 'The port on the loopback. It is part of what tokens name as their issuer.',
      example: '4000',
    }),
    directory: setting({
      variable: 'TRUNKLINE_DEV_ISSUER_DIR',
      schema: text(),
      explain: 'Where the signing key is kept.',
      example: '.trunkline/data/dev-issuer',
    }),
    tenant: setting({
      variable: 'TRUNKLINE_DEV_ISSUER_TENANT',
      schema: text({ min: 36, max: 36 }),
      explain: 'The tenant to which everybody belongs.',
      example: '0d000000-0000-4000-8000-000000000001',
    }),
    otherTenant: setting({
      variable: 'TRUNKLINE_DEV_ISSUER_OTHER_TENANT',
      schema: text({ min: 36, max: 36 }),
      optional: true,
      explain:
        'The tenant of one more person, who must see nothing of the others’. Unless it is set there is none.',
      example: '0d000000-0000-4000-8000-0000000000ff',
    }),
    audience: setting({
      variable: 'TRUNKLINE_TOKEN_AUDIENCE',
      schema: text({ max: 200 }),
      default: { value: 'trunkline', because: 'the API and push expect it' },
      explain: 'For whom the tokens are.',
      example: 'trunkline',
    }),
    redirects: setting({
      variable: 'TRUNKLINE_DEV_ISSUER_REDIRECTS',
      schema: list(url(['http', 'https'])),
      explain: 'Where people may be sent back to after they have signed in.',
      example: 'http://127.0.0.1:8080/login/callback',
    }),
  },
};
