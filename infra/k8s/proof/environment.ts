import { readSettings, SettingsError, type SettingsMap } from '@trunkline/service-kit';
import { secrets, settingsOf, type Read } from './facts.ts';
import { listAt, textAt, type Fields, type Manifest } from './manifest.ts';
import type { Workload } from './workloads.ts';

export interface Environment {
  /** As the process reads them, with examples in place of secrets; nothing where it would not start. */
  readonly read: Read | undefined;
  readonly variables: ReadonlySet<string>;
  readonly problems: readonly string[];
}

/** Reads a workload's environment as its process will: the same schemas, and secrets from the files that are mounted. */
export function environmentOf(workload: Workload, manifests: readonly Manifest[]): Environment {
  const settings = settingsOf(workload.app);
  const problems: string[] = [];
  const env: Record<string, string> = {};
  for (const [variable, value] of variablesOf(workload, manifests, problems)) {
    const secret = variable.endsWith('_FILE')
      ? secretNamed(settings, variable.slice(0, -'_FILE'.length))
      : undefined;
    if (secretNamed(settings, variable) !== undefined)
      problems.push(`${variable} is a secret and stands in the manifest; secrets come from files`);
    else if (secret === undefined) env[variable] = value;
    else {
      env[secret.variable] = secret.example;
      problems.push(...problemsOfFile(workload, secret.variable, value));
    }
  }
  const warn = (message: string): void => void problems.push(message);
  const variables = new Set(Object.keys(env));
  try {
    return { read: readSettings(settings, env, { warn }), variables, problems };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return { read: undefined, variables, problems: [...problems, error.message] };
  }
}

function* variablesOf(
  { container }: Workload,
  manifests: readonly Manifest[],
  problems: string[],
): Generator<[string, string]> {
  for (const source of listAt(container, 'envFrom')) {
    const name = textAt(source, 'configMapRef.name');
    const map = manifests.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name);
    if (map === undefined) problems.push(`there is no ConfigMap ${name}`);
    yield* Object.entries((map?.['data'] ?? {}) as Record<string, string>);
  }
  for (const { name, value } of listAt(container, 'env')) {
    if (typeof value === 'string') yield [name as string, value];
    else problems.push(`${name as string} has no value of its own; secrets come from files`);
  }
}

const secretNamed = (settings: SettingsMap, variable: string) =>
  Object.values(settings)
    .flatMap((part) => Object.values(part))
    .find((one) => one.variable === variable && one.secret === true);

/** The file must lie in a mounted secret of the table, under the variable's own name. */
function problemsOfFile({ container, pod }: Workload, variable: string, path: string): string[] {
  const mount = listAt(container, 'volumeMounts').find(
    ({ mountPath }) => path === `${mountPath as string}/${variable}`,
  );
  const volume = listAt(pod, 'volumes').find((one) => one['name'] === mount?.['name']);
  const secret = textAt(volume, 'secret.secretName') ?? '';
  return (secrets[secret] ?? []).includes(variable)
    ? []
    : [`${variable}_FILE names ${path}, and no secret with such a key is mounted there`];
}

export const isMounted = ({ container, pod }: Workload, path: string): boolean => {
  const mount: Fields | undefined = listAt(container, 'volumeMounts').find(
    (one) => one['mountPath'] === path,
  );
  return mount !== undefined && listAt(pod, 'volumes').some((one) => one['name'] === mount['name']);
};
