import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { dataTypes } from './data-types.ts';
import { endings, remedies } from './endings.ts';
import { limits } from './limits.ts';
import { downSchemas, rowSchemas, upSchemas } from './schemas/index.ts';
import { topicKinds } from './topics.ts';
import { bearerPrefix, paths, protocolVersion, subprotocol } from './version.ts';

/**
 * Nobody changes the wire by accident. If this fails, decide: a change that a client of today misreads needs a new version
 * and a new subprotocol, any other one a line in the history of PROTOCOL.md. Then write the new hash here.
 */
const pinned = '0a1ed2b2f8de107f';

it('what goes over the wire is what PROTOCOL.md says', () => {
  const wire = {
    names: { bearerPrefix, paths, protocolVersion, subprotocol },
    tables: { endings, remedies, limits, topicKinds, dataTypes },
    schemas: { upSchemas, downSchemas, rowSchemas },
  };
  expect(createHash('sha256').update(described(wire)).digest('hex').slice(0, 16)).toBe(pinned);
});

/** A schema of valibot is data, but for its own functions and its patterns. */
const described = (value: unknown): string =>
  JSON.stringify(value, (key, part: unknown) => {
    if (key.startsWith('~') || typeof part === 'function') return undefined;
    return part instanceof RegExp ? String(part) : part;
  });

it('a schema that changes changes what is described', () => {
  expect(described(upSchemas.auth)).toContain('"type":"max_length"');
  expect(described(upSchemas.subscribe)).toContain('epoch and offset go together');
  expect(described(downSchemas.hello)).not.toBe(described(downSchemas.connected));
});
