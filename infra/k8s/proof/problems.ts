import { clusterRules } from './cluster-rules.ts';
import type { Manifest } from './manifest.ts';
import { problemsOfWorkload } from './pod-rules.ts';
import { problemsOfScaling } from './scaling-rules.ts';
import { problemsOfSchema } from './schemas.ts';
import { workloadsOf } from './workloads.ts';

/** All that is wrong with what would be applied, but for unknown fields: those are looked for in one go for many. */
export async function problemsOf(manifests: readonly Manifest[]): Promise<string[]> {
  const workloads = workloadsOf(manifests);
  const ofSchemas = await Promise.all(manifests.map(problemsOfSchema));
  return [
    ...ofSchemas.flat(),
    ...workloads.flatMap((one) => problemsOfWorkload(one, manifests)),
    ...clusterRules.flatMap((rule) => rule(manifests, workloads)),
    ...problemsOfScaling(manifests, workloads),
  ];
}
