import * as v from 'valibot';
import type { TextSchema } from './setting.ts';

/**
 * The kinds of values that settings have. Each goes from text to value, says in one phrase what it wants (also the
 * description that the documentation shows), and never repeats what it got: it may be a secret.
 */
function textSchema<Output>(wanted: string, parse: (text: string) => Output | undefined): TextSchema<Output> {
  return v.pipe(
    v.string(),
    v.description(wanted),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const value = parse(dataset.value.trim());
      if (value !== undefined) return value;
      addIssue({ message: `must be ${wanted}` });
      return NEVER;
    }),
  );
}

export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** A whole number between two bounds, both allowed. */
export function integer({ min, max }: Bounds): TextSchema<number> {
  return textSchema(`a whole number from ${min} to ${max}`, (text) => {
    const value = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max ? value : undefined;
  });
}

/** A number between two bounds, both allowed; for shares and ratios. */
export function decimal({ min, max }: Bounds): TextSchema<number> {
  return textSchema(`a number from ${min} to ${max}`, (text) => {
    const value = /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max ? value : undefined;
  });
}

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

export interface DurationBounds {
  readonly min?: string;
  readonly max?: string;
}

/** `250ms`, `5s`, `10m`, `2h`, `30d`, as milliseconds. The unit is required: a bare 10 has cost people outages. */
export function duration({ min = '0ms', max = '365d' }: DurationBounds = {}): TextSchema<number> {
  const minMs = parseDuration(min);
  const maxMs = parseDuration(max);
  if (minMs === undefined || maxMs === undefined)
    throw new Error(`Durations like 10m expected: ${min}, ${max}`);
  return textSchema(`a duration such as 250ms, 5s, 10m or 2h, from ${min} to ${max}`, (text) => {
    const value = parseDuration(text);
    return value !== undefined && value >= minMs && value <= maxMs ? value : undefined;
  });
}

function parseDuration(text: string): number | undefined {
  const [, amount, unit] = /^(\d{1,12})(ms|s|m|h|d)$/.exec(text) ?? [];
  return amount === undefined ? undefined : Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS];
}

/**
 * A TCP port; 0 takes any free one. Kubernetes gives every pod variables such as `TRUNKLINE_API_PORT=tcp://10.0.0.7:80`
 * for each Service, which can shadow a port setting of ours, so that case gets its remedy.
 */
export function port(): TextSchema<number> {
  return textSchema(
    'a port from 0 to 65535 (a value like tcp://… comes from Kubernetes: set enableServiceLinks to false)',
    (text) => {
      const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
      return value <= 65_535 ? value : undefined;
    },
  );
}

const BOOLEANS = new Map([
  ['true', true],
  ['false', false],
]);

export function boolean(): TextSchema<boolean> {
  return textSchema('true or false', (text) => BOOLEANS.get(text.toLowerCase()));
}

/** One of a few words. */
export function oneOf<const Choice extends string>(choices: readonly Choice[]): TextSchema<Choice> {
  return textSchema(`one of ${choices.join(', ')}`, (text) => choices.find((choice) => choice === text));
}

export interface TextBounds {
  readonly min?: number;
  readonly max?: number;
}

export function text({ min = 1, max = 1_000 }: TextBounds = {}): TextSchema<string> {
  return textSchema(`a text of ${min} to ${max} characters`, (value) =>
    value.length >= min && value.length <= max ? value : undefined,
  );
}

/** A URL with one of the given protocols, without the colon: `url(['https', 'http'])`. */
export function url(protocols: readonly string[]): TextSchema<string> {
  const forms = protocols.map((protocol) => `${protocol}://…`).join(' or ');
  return textSchema(`a URL ${forms}`, (value) => {
    const parsed = URL.parse(value);
    return parsed !== null && protocols.includes(parsed.protocol.slice(0, -1)) ? value : undefined;
  });
}

const LIST_LENGTH_MAX = 100;

/** Values separated by commas, none empty, each of the given kind. */
export function list<Item>(item: TextSchema<Item>, lengthMax = LIST_LENGTH_MAX): TextSchema<readonly Item[]> {
  const wanted = `up to ${lengthMax} values separated by commas, each ${v.getDescription(item) ?? 'valid'}`;
  return textSchema(wanted, (value) => {
    const results = value.split(',').map((part) => v.safeParse(item, part.trim()));
    const items = results.flatMap((result) => (result.success ? [result.output] : []));
    return items.length === results.length && items.length <= lengthMax ? items : undefined;
  });
}
