import { scopes, type Scope } from '@trunkline/access';
import { createCommandServer } from '@trunkline/pbx-commands';
import { createLogger } from '@trunkline/service-kit';
import { Validator } from '@seriousme/openapi-schema-validator';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from './routes/index.ts';
import { ApiLab } from './testing/index.ts';
import { seedTenant, type Seeded } from './testing/seed-tenant.ts';

/** How to call each operation, with the ids of whichever tenant. One that is missing here fails the first test. */
interface Example {
  readonly path: (seeded: Seeded) => string;
  readonly body?: (seeded: Seeded) => unknown;
  /** What is sent to a route that takes a file. */
  readonly file?: string;
  readonly status: number;
  /** Its path or body names something that is a tenant's. */
  readonly named: boolean;
}

const list = (path: string): Example => ({ path: () => path, status: 200, named: false });

const examples: Readonly<Record<string, Example>> = {
  'get /v1/calls': list('/v1/calls'),
  'get /v1/calls/stats': list('/v1/calls/stats'),
  'get /v1/calls/count': list('/v1/calls/count?extension=1001'),
  'get /v1/calls/export': list('/v1/calls/export?status=ended'),
  'get /v1/calls/parties': {
    path: ({ pbx, endedCall }) => `/v1/calls/parties?call=${pbx}/${endedCall}`,
    status: 200,
    named: false,
  },
  'get /v1/calls/{pbx}/{call}': {
    path: ({ pbx, endedCall }) => `/v1/calls/${pbx}/${endedCall}`,
    status: 200,
    named: true,
  },
  'post /v1/calls': {
    path: () => '/v1/calls',
    body: ({ pbx }) => ({ pbx, from: '1001', to: '+4930999999' }),
    status: 201,
    named: true,
  },
  'post /v1/calls/{pbx}/{call}/hangup': {
    path: ({ pbx, openCall }) => `/v1/calls/${pbx}/${openCall}/hangup`,
    status: 200,
    named: true,
  },
  'get /v1/contacts': list('/v1/contacts?search=of'),
  'post /v1/contacts': {
    path: () => '/v1/contacts',
    body: () => ({ name: 'Grace', email: 'grace@example.com', tags: ['navy'] }),
    status: 201,
    named: false,
  },
  'get /v1/contacts/{contact}': {
    path: ({ contacts }) => `/v1/contacts/${contacts.toKeep}`,
    status: 200,
    named: true,
  },
  'patch /v1/contacts/{contact}': {
    path: ({ contacts }) => `/v1/contacts/${contacts.toKeep}`,
    body: () => ({ revision: 1, company: 'Analytical Engines' }),
    status: 200,
    named: true,
  },
  'delete /v1/contacts/{contact}': {
    path: ({ contacts }) => `/v1/contacts/${contacts.toDelete}?revision=1`,
    status: 200,
    named: true,
  },
  'get /v1/imports': list('/v1/imports'),
  'post /v1/imports': {
    path: () => '/v1/imports?fileName=new.csv',
    file: 'name;phone\nKim;+4930777777\n',
    status: 201,
    named: false,
  },
  'get /v1/imports/{import}': {
    path: ({ imports }) => `/v1/imports/${imports.started}`,
    status: 200,
    named: true,
  },
  'get /v1/imports/{import}/preview': {
    path: ({ imports }) => `/v1/imports/${imports.uploaded}/preview?columns=name,phone`,
    status: 200,
    named: true,
  },
  'get /v1/imports/{import}/rejected': {
    path: ({ imports }) => `/v1/imports/${imports.started}/rejected`,
    status: 200,
    named: true,
  },
  'post /v1/imports/{import}/start': {
    path: ({ imports }) => `/v1/imports/${imports.uploaded}/start`,
    body: () => ({ policy: 'update', dryRun: true }),
    status: 202,
    named: true,
  },
  'post /v1/imports/{import}/cancel': {
    path: ({ imports }) => `/v1/imports/${imports.started}/cancel`,
    status: 200,
    named: true,
  },
  'get /v1/recordings': list('/v1/recordings'),
  'get /v1/recordings/{recording}': {
    path: ({ recordings }) => `/v1/recordings/${recordings.toHear}`,
    status: 200,
    named: true,
  },
  'post /v1/recordings/{recording}/links': {
    path: ({ recordings }) => `/v1/recordings/${recordings.toHear}/links`,
    body: () => ({ download: true }),
    status: 201,
    named: true,
  },
  'delete /v1/recordings/{recording}': {
    path: ({ recordings }) => `/v1/recordings/${recordings.toDelete}`,
    status: 200,
    named: true,
  },
  'get /v1/extensions': list('/v1/extensions'),
  'get /v1/extensions/{pbx}/{number}': {
    path: ({ pbx }) => `/v1/extensions/${pbx}/1001`,
    status: 200,
    named: true,
  },
  'get /v1/links': list('/v1/links'),
  'get /v1/pbxs/{pbx}/transitions': {
    path: ({ pbx }) => `/v1/pbxs/${pbx}/transitions`,
    status: 200,
    named: true,
  },
  'get /v1/platform/system': list('/v1/platform/system'),
  'get /v1/platform/push-nodes': list('/v1/platform/push-nodes'),
  'get /v1/pbxs': list('/v1/pbxs'),
  'get /v1/pbxs/{pbx}': { path: ({ pbx }) => `/v1/pbxs/${pbx}`, status: 200, named: true },
  'post /v1/pbxs/{pbx}/snapshot': { path: ({ pbx }) => `/v1/pbxs/${pbx}/snapshot`, status: 202, named: true },
  'post /v1/pbxs/{pbx}/retry': {
    path: ({ pbx }) => `/v1/pbxs/${pbx}/retry`,
    body: () => ({}),
    status: 202,
    named: true,
  },
  'get /v1/cleanup-runs': list('/v1/cleanup-runs'),
  'get /v1/cleanup-runs/{run}': { path: ({ run }) => `/v1/cleanup-runs/${run}`, status: 200, named: true },
  'get /v1/dead-letters': list('/v1/dead-letters'),
  'get /v1/dead-letters/groups': list('/v1/dead-letters/groups'),
  'get /v1/dead-letters/{letter}': {
    path: ({ letters }) => `/v1/dead-letters/${letters.toRead}`,
    status: 200,
    named: true,
  },
  'post /v1/dead-letters/{letter}/replay': {
    path: ({ letters }) => `/v1/dead-letters/${letters.toReplay}/replay`,
    status: 200,
    named: true,
  },
  'post /v1/dead-letters/{letter}/drop': {
    path: ({ letters }) => `/v1/dead-letters/${letters.toDrop}/drop`,
    status: 200,
    named: true,
  },
  // A letter that is another's is one that is not there, and the others are resolved all the same.
  'post /v1/dead-letters/replay': {
    path: () => '/v1/dead-letters/replay',
    body: ({ letters }) => ({ ids: [letters.toReplay] }),
    status: 200,
    named: false,
  },
  'post /v1/dead-letters/drop': {
    path: () => '/v1/dead-letters/drop',
    body: ({ letters }) => ({ ids: [letters.toDrop] }),
    status: 200,
    named: false,
  },
  'get /v1/sweeps': list('/v1/sweeps'),
  'post /v1/sweeps': {
    path: () => '/v1/sweeps',
    body: ({ pbx }) => ({ dryRun: true, pbx, timeoutMinutes: 30 }),
    status: 202,
    named: true,
  },
  'get /v1/sweeps/{sweep}': { path: ({ sweep }) => `/v1/sweeps/${sweep}`, status: 200, named: true },
  'get /v1/schedule': list('/v1/schedule'),
  'get /v1/webhooks': list('/v1/webhooks'),
  'post /v1/webhooks': {
    path: () => '/v1/webhooks',
    body: ({ pbx }) => ({ url: 'https://example.com/hook', pbxs: [pbx], types: ['new_call'] }),
    status: 201,
    named: true,
  },
  'get /v1/webhooks/{webhook}': {
    path: ({ webhooks }) => `/v1/webhooks/${webhooks.toKeep}`,
    status: 200,
    named: true,
  },
  'patch /v1/webhooks/{webhook}': {
    path: ({ webhooks }) => `/v1/webhooks/${webhooks.toKeep}`,
    body: () => ({ description: null, parallel: 3 }),
    status: 200,
    named: true,
  },
  'post /v1/webhooks/{webhook}/rotate-secret': {
    path: ({ webhooks }) => `/v1/webhooks/${webhooks.toKeep}/rotate-secret`,
    status: 200,
    named: true,
  },
  'post /v1/webhooks/{webhook}/test': {
    path: ({ webhooks }) => `/v1/webhooks/${webhooks.toKeep}/test`,
    status: 202,
    named: true,
  },
  'get /v1/webhooks/{webhook}/deliveries': {
    path: ({ webhooks }) => `/v1/webhooks/${webhooks.toKeep}/deliveries`,
    status: 200,
    named: true,
  },
  'get /v1/webhooks/deliveries/{delivery}': {
    path: ({ delivery }) => `/v1/webhooks/deliveries/${delivery}`,
    status: 200,
    named: true,
  },
  'post /v1/webhooks/deliveries/{delivery}/redeliver': {
    path: ({ delivery }) => `/v1/webhooks/deliveries/${delivery}/redeliver`,
    status: 202,
    named: true,
  },
  'post /v1/webhooks/{webhook}/disable': {
    path: ({ webhooks }) => `/v1/webhooks/${webhooks.toKeep}/disable`,
    status: 200,
    named: true,
  },
  'post /v1/webhooks/{webhook}/enable': {
    path: ({ webhooks }) => `/v1/webhooks/${webhooks.toKeep}/enable`,
    body: () => ({ replaySince: '2026-01-01T00:00:00Z' }),
    status: 200,
    named: true,
  },
  'get /v1/webhooks/{webhook}/audit': {
    path: ({ webhooks }) => `/v1/webhooks/${webhooks.toKeep}/audit`,
    status: 200,
    named: true,
  },
  'delete /v1/webhooks/{webhook}': {
    path: ({ webhooks }) => `/v1/webhooks/${webhooks.toRemove}`,
    status: 200,
    named: true,
  },
  'get /v1/audit': list('/v1/audit'),
  'post /v1/revocations': {
    path: () => '/v1/revocations',
    body: () => ({ user: 'somebody' }),
    status: 200,
    named: false,
  },
};

interface Operation {
  readonly security: readonly { readonly token: readonly Scope[] }[];
}

let lab: ApiLab;
let own: Seeded;
let foreign: Seeded;
let operations: readonly (readonly [string, Operation])[];
const silent = createLogger({ name: 'lab', level: 'silent', redactPhoneNumbers: false });

beforeAll(async () => {
  lab = await ApiLab.open();
  [own, foreign] = [await seedTenant(lab, 'acme'), await seedTenant(lab, 'other')];
  const document = (await lab.ask('/openapi.json')).body as {
    paths: Record<string, Record<string, Operation>>;
  };
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [`${method} ${path}`, operation] as const),
  );
});
afterAll(() => lab[Symbol.asyncDispose]());

const scopeOf = (name: string): Scope => {
  const scope = operations.find(([each]) => each === name)?.[1].security[0]?.token[0];
  if (scope === undefined) throw new Error(`${name} is not in the document`);
  return scope;
};

const call = (name: string, seeded: Seeded, token?: string) => {
  const { path, body, file } = exampleOf(name);
  const given = body?.(seeded);
  return lab.ask(path(seeded), {
    method: (name.split(' ')[0] ?? '').toUpperCase(),
    token,
    ...(given !== undefined && { body: given }),
    ...(file !== undefined && { body: file, headers: { 'content-type': 'text/csv' } }),
  });
};

const exampleOf = (name: string): Example => {
  const example = examples[name];
  if (example === undefined) throw new Error(`${name} has no example in this test`);
  return example;
};

describe('the OpenAPI document', () => {
  it('is valid, and each operation in it has an example here, and the other way round', async () => {
    const { body } = await lab.ask('/openapi.json');
    const { valid, errors } = await new Validator().validate(structuredClone(body));
    expect({ valid, errors }).toMatchObject({ valid: true });
    expect(body['openapi']).toBe('3.1.0');
    expect(operations.map(([name]) => name).sort()).toEqual(Object.keys(examples).sort());
    const ids = operations.map(
      ([, operation]) => (operation as unknown as { operationId: string }).operationId,
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('describes parameters as what they must be', async () => {
    const { body } = await lab.ask('/openapi.json');
    const { paths } = body as {
      paths: Record<string, Record<string, { parameters: { name: string; schema: object }[] }>>;
    };
    const parameters = paths['/v1/calls']?.['get']?.parameters ?? [];
    const schemaOf = (name: string) => parameters.find((each) => each.name === name)?.schema;
    expect(schemaOf('limit')).toMatchObject({ type: 'integer', minimum: 1, maximum: 500 });
    expect(schemaOf('status')).toMatchObject({
      type: 'array',
      items: { enum: expect.arrayContaining(['held']) as string[] },
    });
    expect(schemaOf('from')).toMatchObject({ type: 'string', format: 'date-time' });
    expect(schemaOf('stuck')).toMatchObject({ type: 'boolean' });
  });
});

describe.each(Object.keys(examples))('%s', (name) => {
  it('lets nobody in without a token, and says how to come in', async () => {
    const answer = await call(name, own);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="trunkline"');
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.body).toMatchObject({
      status: 401,
      reason: 'missing',
      traceId: expect.stringMatching(/^[\da-f]{32}$/) as string,
    });
  });

  it('refuses a token that has every scope but its own, and names that', async () => {
    const scope = scopeOf(name);
    const token = await lab.token(scopes.filter((each) => each !== scope));
    const answer = await call(name, own, token);
    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject({ status: 403, scope });
    expect(answer.headers.get('www-authenticate')).toContain(`scope="${scope}"`);
  });

  it('does not know what is another tenant’s, and changes nothing of it', async () => {
    const token = await lab.token(scopes);
    const before = await foreignState();
    const answer = await call(name, foreign, token);
    expect(answer.status).toBe(exampleOf(name).named ? 404 : exampleOf(name).status);
    for (const secret of [
      foreign.pbx,
      foreign.openCall,
      foreign.run,
      foreign.letters.toRead,
      foreign.webhooks.toKeep,
      foreign.delivery,
      foreign.contacts.toKeep,
      foreign.imports.started,
      'of other',
      foreign.recordings.toHear,
      lab.tenant('other'),
    ])
      expect(answer.text.replaceAll(/"detail":"[^"]*"/g, '')).not.toContain(secret);
    expect(await foreignState()).toEqual(before);
  });

  it('answers as it says to a token with its scope alone', async () => {
    await using server = createCommandServer({ redis: lab.redis, prefix: lab.prefix, logger: silent });
    await using _serving = server.serveCommands(own.pbx, async (command) => ({
      ok: true,
      result: command.kind === 'hangUp' ? 'done' : { call: 'new-call' },
    }));
    const answer = await call(name, own, await lab.token([scopeOf(name)]));
    expect({ status: answer.status, text: answer.text }).toMatchObject({ status: exampleOf(name).status });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const [method, path] = name.split(' ');
    const route = routes.find((each) => each.path === path && each.method.toLowerCase() === method);
    const type = route?.as !== undefined ? 'text/csv' : 'application/json';
    expect(answer.headers.get('content-type')).toBe(`${type}; charset=utf-8`);
    const schema = route?.answers[answer.status]?.schema;
    if (schema === undefined) throw new Error('the status is not described');
    // A schema that forgets a field would drop it, and a field of another shape would not pass.
    const told = route?.as !== undefined ? answer.text : answer.body;
    expect(v.parse(schema, told)).toEqual(told);
  });
});

const foreignState = () =>
  lab.query(
    `select (select count(*) from snapshot_wish where pbx_id = $1)::integer as wishes,
       (select string_agg(state, ',' order by id) from dead_letter where source = $1::text) as letters,
       (select count(*) from operator_action where tenant_id = $2)::integer as actions,
       (select json_agg(e order by id) from webhook_endpoint e where tenant_id = $2)::text as webhooks,
       (select json_agg(s order by s.sealed) from webhook_secret s join webhook_endpoint e on e.id = s.endpoint_id
         where e.tenant_id = $2)::text as secrets,
       (select json_agg(d order by id) from webhook_delivery d where tenant_id = $2)::text as deliveries,
       (select json_agg(c order by id) from contact c where tenant_id = $2)::text as contacts,
       (select json_agg(i order by id) from contact_import i where tenant_id = $2)::text as imports,
       (select json_agg(r order by id) from recording r where tenant_id = $2)::text as recordings,
       (select count(*) from webhook_audit where tenant_id = $2)::integer as audit`,
    [foreign.pbx, lab.tenant('other')],
  );
