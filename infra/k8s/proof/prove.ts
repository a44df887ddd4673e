import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { titleOf, type Manifest } from './manifest.ts';
import { problemsOf } from './problems.ts';
import { parseDocuments, render } from './render.ts';
import { problemsOfFields } from './schemas.ts';

/**
 * `npm run manifests`, also part of `npm run verify`: renders every overlay and says what is wrong with it. No cluster is asked. Where kubectl is at
 * hand, it must render the same.
 */
export const folders = ['overlays/dev', 'overlays/production', 'proof/with-hpa'] as const;

export const renderFolder = (folder: string): Manifest[] => render(join(import.meta.dirname, '..', folder));

async function prove(): Promise<void> {
  const startedAt = performance.now();
  const rendered = folders.map((folder) => ({ folder, manifests: renderFolder(folder) }));
  const problems: string[] = [];
  for (const { folder, manifests } of rendered)
    problems.push(...(await problemsOf(manifests)).map((problem) => `${folder}: ${problem}`));
  problems.push(...(await problemsOfFields(rendered.flatMap(({ manifests }) => manifests))));
  const kubectl = kubectlVersion();
  if (kubectl !== undefined)
    problems.push(...rendered.flatMap(({ folder, manifests }) => differences(folder, manifests)));

  for (const problem of problems) console.error(problem);
  const count = rendered.reduce((sum, { manifests }) => sum + manifests.length, 0);
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  console.log(
    `${count} manifests of ${folders.length} folders, ${problems.length} problems, ${seconds} s; ` +
      (kubectl === undefined
        ? 'no kubectl here to compare with'
        : `rendered the same by kubectl (${kubectl})`),
  );
  process.exitCode = problems.length === 0 ? 0 : 1;
}

function kubectlVersion(): string | undefined {
  try {
    const told = execFileSync('kubectl', ['version', '--client'], { encoding: 'utf8', stdio: 'pipe' });
    return /Kustomize Version: (\S+)/.exec(told)?.[1];
  } catch {
    return undefined;
  }
}

function differences(folder: string, ours: readonly Manifest[]): string[] {
  const path = join(import.meta.dirname, '..', folder);
  const yaml = execFileSync('kubectl', ['kustomize', path], { encoding: 'utf8', stdio: 'pipe' });
  const theirs = new Map((parseDocuments(yaml) as Manifest[]).map((one) => [titleOf(one), one]));
  const titles = new Set([...theirs.keys(), ...ours.map(titleOf)]);
  return [...titles]
    .filter(
      (title) =>
        !isDeepStrictEqual(
          theirs.get(title),
          ours.find((one) => titleOf(one) === title),
        ),
    )
    .map((title) => `${folder}: kubectl renders ${title} otherwise`);
}

if (process.argv[1] === import.meta.filename) await prove();
