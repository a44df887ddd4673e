/**
 * What a schema takes, in words. A schema of valibot is data: its kind, what it is made of and the bounds that follow.
 */
interface Shape {
  readonly type: string;
  readonly entries?: Readonly<Record<string, Shape>>;
  readonly item?: Shape;
  readonly value?: Shape;
  readonly wrapped?: Shape;
  readonly default?: unknown;
  readonly literal?: unknown;
  readonly options?: readonly unknown[];
  readonly pipe?: readonly Step[];
}

interface Step {
  readonly type: string;
  readonly requirement?: unknown;
}

export interface Field {
  readonly name: string;
  readonly takes: string;
  /** Whether it may be left out. */
  readonly needed: boolean;
  readonly default?: string;
}

/** The fields of an object; of several forms of one, those of all. */
export function fieldsOf(schema: unknown): readonly Field[] {
  const shape = schema as Shape;
  if (shape.type !== 'variant') return Object.entries(entriesOf(shape)).map(describeField);
  const forms = (shape.options ?? []).map((form) => fieldsOf(form));
  return mergeForms(forms);
}

function mergeForms(forms: readonly (readonly Field[])[]): readonly Field[] {
  const names = [...new Set(forms.flatMap((form) => form.map(({ name }) => name)))];
  return names.map((name) => {
    const found = forms.flatMap((form) => form.filter((field) => field.name === name));
    const takes = [...new Set(found.map((field) => field.takes))].join(' or ');
    return { name, takes, needed: found.length === forms.length && found.every(({ needed }) => needed) };
  });
}

function entriesOf({ type, entries }: Shape): Readonly<Record<string, Shape>> {
  if (entries === undefined) throw new Error(`A schema of the type ${type} has no fields.`);
  return entries;
}

function describeField([name, shape]: readonly [string, Shape]): Field {
  const isOptional = shape.type === 'optional' || shape.type === 'exact_optional';
  const byDefault = shape.default === undefined ? {} : { default: defaultOf(shape.default) };
  return { name, takes: takesOf(shape), needed: !isOptional, ...byDefault };
}

const defaultOf = (value: unknown): string =>
  value === '' ? 'empty' : `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;

/** What values it takes, in a phrase. */
export function takesOf(schema: unknown): string {
  const shape = schema as Shape;
  switch (shape.type) {
    case 'optional':
    case 'exact_optional':
      return takesOf(shape.wrapped);
    case 'nullable':
      return `${takesOf(shape.wrapped)} or null`;
    case 'string':
      return textOf(shape);
    case 'number':
      return numberOf(shape);
    case 'boolean':
      return 'true or false';
    case 'literal':
      return `\`${String(shape.literal)}\``;
    case 'picklist':
      return listed((shape.options ?? []).map((option) => `\`${String(option)}\``));
    case 'array':
      return `a list of ${pluralOf(takesOf(shape.item))}`;
    case 'record':
      return `an object of ${pluralOf(takesOf(shape.value))}`;
    case 'union':
      return listed((shape.options ?? []).map((option) => takesOf(option)));
    case 'object':
    case 'loose_object':
      return `\`{${Object.entries(entriesOf(shape)).map(nameInObject).join(', ')}}\``;
    case 'variant':
      return listed((shape.options ?? []).map((option) => takesOf(option)));
    default:
      throw new Error(`There are no words yet for a schema of the type ${shape.type}.`);
  }
}

const nameInObject = ([name, { type, literal }]: readonly [string, Shape]): string =>
  type === 'literal' ? `${name}: ${JSON.stringify(literal)}` : type.endsWith('optional') ? `${name}?` : name;

const pluralOf = (phrase: string): string => phrase.replace(/^an? /, '').replace(/^(\w+)/, '$1s');

export const listed = (words: readonly string[]): string =>
  words.length < 3 ? words.join(' or ') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

const stepOf = ({ pipe = [] }: Shape, type: string): Step | undefined =>
  pipe.find((step) => step.type === type);

function textOf(shape: Shape): string {
  if (stepOf(shape, 'uuid') !== undefined) return 'a UUID';
  if (stepOf(shape, 'iso_timestamp') !== undefined) return 'a time (ISO 8601)';
  const max = stepOf(shape, 'max_length')?.requirement;
  return typeof max === 'number' ? `a text of up to ${max} characters` : 'a text';
}

function numberOf(shape: Shape): string {
  const noun = stepOf(shape, 'integer') === undefined ? 'number' : 'whole number';
  const [min, max] = ['min_value', 'max_value'].map((type) => stepOf(shape, type)?.requirement);
  if (max === instantMax) return 'milliseconds since 1970';
  if (typeof max === 'number' && max < Number.MAX_SAFE_INTEGER)
    return `a ${noun} from ${Number(min)} to ${max}`;
  return min === undefined ? `a ${noun}` : `a ${noun} from ${Number(min)}`;
}

/** The last moment that the domain knows, by which its times are recognised. */
const instantMax = 253_402_300_799_999;
