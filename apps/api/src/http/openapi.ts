import { STATUS_CODES } from 'node:http';
import { scopes } from '@trunkline/access';
import { toJsonSchema, type ConversionConfig } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { problemKinds, problemMediaType, type ProblemKind } from './problem.ts';
import { isRepeatable, isWrite, type Route } from './route.ts';

type Json = Record<string, unknown>;

/** May happen on every route. */
const usualProblems: readonly ProblemKind[] = [
  'invalid',
  'unauthenticated',
  'forbidden',
  'too-many-requests',
  'internal',
  'unavailable',
];

/** The OpenAPI 3.1 document of the routes: made of the same schemas that check what comes in. */
export function openApiDocument(routes: readonly Route[], { version }: { readonly version: string }): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method.toLowerCase()] = operationOf(route);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Trunkline',
      version,
      description:
        'Calls, phones and PBXs of a tenant, and what keeps them right. The access token says whose they are: nothing of another tenant is ever seen, and its ids are answered with 404.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: `Scopes: ${scopes.join(', ')}.`,
        },
      },
      schemas: { Problem: problemSchema },
    },
  };
}

function operationOf(route: Route): Json {
  const { tag, summary, description, scope, params, query, body, takes } = route;
  const parameters = [
    ...parametersOf('path', params),
    ...parametersOf('query', query),
    ...(isRepeatable(route) ? [idempotencyKey] : []),
  ];
  return {
    operationId: operationIdOf(route),
    tags: [tag],
    summary,
    description: [description, `Needs the scope \`${scope}\`.`].filter(Boolean).join('\n\n'),
    security: [{ token: [scope] }],
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: body.type !== 'optional',
        content: { 'application/json': { schema: bodySchema(body) } },
      },
    }),
    ...(takes && {
      requestBody: {
        required: true,
        content: Object.fromEntries(
          takes.map((type) => [type, { schema: { type: 'string', format: 'binary' } }]),
        ),
      },
    }),
    responses: { ...answersOf(route), ...problemsOf(route) },
  };
}

const operationIdOf = ({ method, path }: Route): string =>
  `${method.toLowerCase()}${path.replace(/^\/v1/, '').replace(/[/{}-]+(\w?)/g, (_match, letter: string) => letter.toUpperCase())}`;

/** What is written in a path or query is described as what it must be, and not as the text that carries it. */
function parametersOf(place: 'path' | 'query', schema: v.GenericSchema | undefined): Json[] {
  if (schema === undefined) return [];
  const entries = (schema as unknown as { readonly entries: Record<string, v.GenericSchema> }).entries;
  return Object.entries(entries).map(([name, entry]) => {
    const { description, ...shape } = parameterSchema(entry);
    return {
      name,
      in: place,
      required: place === 'path' || entry.type !== 'optional',
      ...(description !== undefined && { description }),
      schema: shape,
    };
  });
}

/** Transformations have no place in JSON Schema; each is of a kind whose last schema or first text says all. */
const conversion: ConversionConfig = { errorMode: 'ignore', target: 'draft-2020-12' };

function parameterSchema(entry: v.GenericSchema): Json {
  const output = withoutDialect(toJsonSchema(entry, { ...conversion, typeMode: 'output' }));
  return 'type' in output || 'enum' in output
    ? output
    : withoutDialect(toJsonSchema(entry, { ...conversion, typeMode: 'input' }));
}

const bodySchema = (schema: v.GenericSchema): Json =>
  withoutDialect(toJsonSchema(schema, { ...conversion, typeMode: 'input' }));

function withoutDialect({ $schema: _dialect, ...schema }: object & { readonly $schema?: unknown }): Json {
  return schema;
}

const answersOf = ({ answers, as }: Route): Json =>
  Object.fromEntries(
    Object.entries(answers).map(([status, { description, schema }]) => [
      status,
      {
        description,
        content: { [as === undefined ? 'application/json' : 'text/csv']: { schema: bodySchema(schema) } },
      },
    ]),
  );

function problemsOf(route: Route): Json {
  const { body, problems = [] } = route;
  const kinds = [
    ...usualProblems,
    ...(isWrite(route) ? (['conflict', 'unprocessable', 'too-large'] as const) : []),
    ...(body || route.takes ? (['unsupported-media-type'] as const) : []),
    ...problems,
  ];
  return Object.fromEntries(
    kinds.map((kind) => [
      String(problemKinds[kind]),
      {
        description: STATUS_CODES[problemKinds[kind]],
        content: { [problemMediaType]: { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}

const idempotencyKey: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'A name of your own for this wish. Sent again with the same body, it is not done again and answered as the first time.',
  schema: { type: 'string', minLength: 1, maxLength: 200 },
};

const problemSchema = withoutDialect(
  toJsonSchema(
    v.looseObject({
      type: v.pipe(v.string(), v.description('urn:trunkline:problem: and the kind.')),
      title: v.string(),
      status: v.pipe(v.number(), v.integer()),
      detail: v.pipe(v.string(), v.description('What is wrong and what to do about it.')),
      traceId: v.pipe(v.string(), v.description('By which the log knows it.')),
      scope: v.optional(v.pipe(v.string(), v.description('With 403: what the token lacks.'))),
      reason: v.optional(v.string()),
      errors: v.optional(v.array(v.object({ in: v.string(), field: v.string(), problem: v.string() }))),
    }),
    conversion,
  ),
);
