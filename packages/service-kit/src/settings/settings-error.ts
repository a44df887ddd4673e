export interface SettingProblem {
  readonly variable: string;
  /** Completes the sentence that begins with the variable's name: "is not set", "must be a port …". */
  readonly problem: string;
  readonly example: string;
}

/** Everything that is wrong with the environment, at once, so that nobody fixes one variable a restart. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly problems: readonly SettingProblem[];

  constructor(problems: readonly SettingProblem[]) {
    super(['The settings are not usable:', ...problems.map(describe)].join('\n'));
    this.problems = problems;
  }
}

function describe({ variable, problem, example }: SettingProblem): string {
  return `  ${variable} ${problem} (example: ${variable}=${example})`;
}
