import type { GenericSchema, InferOutput } from 'valibot';

/** A schema from the text of an environment variable to the value the program works with. */
export type TextSchema<Output> = GenericSchema<string, Output>;

export interface SettingDefault {
  /** As an operator would write it, so that it passes the same schema and reads the same in the documentation. */
  readonly value: string;
  /** Why this value and no other. */
  readonly because: string;
}

interface SettingPresentation {
  readonly variable: string;
  /** Prose for an operator: what it does, when to change it. */
  readonly explain: string;
  readonly example: string;
  /** Never printed, and also read from the file named by `<variable>_FILE`. */
  readonly secret?: boolean;
}

export interface Setting<Value> extends SettingPresentation {
  readonly schema: TextSchema<unknown>;
  readonly default?: SettingDefault;
  readonly optional?: boolean;
  /** Carries the type of the value; there is nothing at run time. */
  readonly value?: Value;
}

interface RequiredSetting<Schema> extends SettingPresentation {
  readonly schema: Schema;
}

interface DefaultedSetting<Schema> extends RequiredSetting<Schema> {
  readonly default: SettingDefault;
}

interface OptionalSetting<Schema> extends RequiredSetting<Schema> {
  /** May be left out, and is undefined then. */
  readonly optional: true;
}

/** Declares one setting. Without a default and not optional, it must be given. */
export function setting<Schema extends TextSchema<unknown>>(
  declaration: OptionalSetting<Schema>,
): Setting<InferOutput<Schema> | undefined>;
export function setting<Schema extends TextSchema<unknown>>(
  declaration: DefaultedSetting<Schema> | RequiredSetting<Schema>,
): Setting<InferOutput<Schema>>;
export function setting(declaration: Setting<unknown>): Setting<unknown> {
  return declaration;
}

/** Settings, grouped by the part of the program that they are for. */
export type SettingsMap = Readonly<Record<string, Readonly<Record<string, Setting<unknown>>>>>;

export type Settings<Map extends SettingsMap> = {
  readonly [Part in keyof Map]: {
    readonly [Name in keyof Map[Part]]: Map[Part][Name] extends Setting<infer Value> ? Value : never;
  };
};

/** The variable that names a secret's file, as Kubernetes and Docker mount them. */
export function fileVariableOf(variable: string): string {
  return `${variable}_FILE`;
}
