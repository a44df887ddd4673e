import * as v from 'valibot';
import { assert } from '../primitives/assert.ts';
import { fileVariableOf, type Setting, type SettingsMap } from './setting.ts';
import { variablesOf } from './unknown-variables.ts';

export interface SettingDescription {
  readonly part: string;
  readonly name: string;
  readonly variable: string;
  /** The variable that may name a file instead; only secrets have one. */
  readonly fileVariable?: string;
  /** What values it takes, in a phrase. */
  readonly takes?: string;
  readonly required: boolean;
  readonly default?: { readonly value: string; readonly because: string };
  readonly explain: string;
  readonly example: string;
  readonly secret: boolean;
}

const NAMES = /^(?:TRUNKLINE(?:_[A-Z\d]+)+|DATABASE_URL|REDIS_URL)$/;

/**
 * Every setting as data, for the configuration reference. It also holds the declarations to their laws: a known
 * kind of name, no name twice, no name that another's file variable takes, defaults and examples that are valid.
 */
export function describeSettings(map: SettingsMap): readonly SettingDescription[] {
  const variables = variablesOf(map);
  assert(new Set(variables).size === variables.length, 'each variable is declared once');
  return Object.entries(map).flatMap(([part, declarations]) =>
    Object.entries(declarations).map(([name, setting]) => describe(part, name, setting)),
  );
}

function describe(part: string, name: string, setting: Setting<unknown>): SettingDescription {
  const { variable, schema, explain, example, secret = false } = setting;
  assert(NAMES.test(variable), `a setting is named TRUNKLINE_*, DATABASE_URL or REDIS_URL, got ${variable}`);
  assert(v.is(schema, example), `the example of ${variable} is valid`);
  assert(
    setting.default === undefined || v.is(schema, setting.default.value),
    `the default of ${variable} is valid`,
  );
  const takes = v.getDescription(schema);
  return {
    part,
    name,
    variable,
    ...(secret && { fileVariable: fileVariableOf(variable) }),
    ...(takes !== undefined && { takes }),
    required: setting.default === undefined && !setting.optional,
    ...(setting.default !== undefined && { default: setting.default }),
    explain,
    example,
    secret,
  };
}
