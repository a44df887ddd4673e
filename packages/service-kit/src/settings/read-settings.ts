import { readSetting, type Environment } from './read-setting.ts';
import type { Settings, SettingsMap } from './setting.ts';
import { SettingsError, type SettingProblem } from './settings-error.ts';
import { findUnknownVariables, variablesOf } from './unknown-variables.ts';

export interface ReadSettingsOptions {
  /** Hears of variables that nobody declares; `process.emitWarning` unless given. */
  readonly warn?: (message: string) => void;
  /** Names that other processes of the same deployment read from the same environment. */
  readonly alsoKnown?: readonly string[];
}

/**
 * The one reading of the environment, at the start of a process: all settings, typed and grouped by part, or one
 * SettingsError that lists every bad variable. The rest of the program is handed values.
 */
export function readSettings<Map extends SettingsMap>(
  map: Map,
  env: Environment = process.env,
  { warn = warnByProcess, alsoKnown = [] }: ReadSettingsOptions = {},
): Settings<Map> {
  const problems: SettingProblem[] = [];
  const parts: Record<string, Record<string, unknown>> = {};
  for (const [part, declarations] of Object.entries(map)) {
    const values: Record<string, unknown> = {};
    for (const [name, setting] of Object.entries(declarations)) {
      const result = readSetting(setting, env);
      if (result.kind === 'value') values[name] = result.value;
      else problems.push({ variable: setting.variable, problem: result.problem, example: setting.example });
    }
    parts[part] = Object.freeze(values);
  }

  for (const unknown of findUnknownVariables(env, new Set([...variablesOf(map), ...alsoKnown]))) {
    const hint = unknown.nearest === undefined ? '' : `; did you mean ${unknown.nearest}?`;
    warn(`${unknown.variable} is no setting of Trunkline and has no effect${hint}`);
  }
  if (problems.length > 0) throw new SettingsError(problems);
  return Object.freeze(parts) as Settings<Map>;
}

function warnByProcess(message: string): void {
  process.emitWarning(message, 'SettingsWarning');
}
