import { at, listAt, textAt, type Fields, type Manifest } from './manifest.ts';

/** A deployment or job of ours. */
export interface Workload {
  readonly manifest: Manifest;
  readonly app: string;
  readonly labels: Fields;
  readonly pod: Fields;
  readonly container: Fields;
}

export const partOf = { 'app.kubernetes.io/part-of': 'trunkline' } as const;

/** Ours are told by the label that every pod of ours carries; the stores of the dev overlay have none. */
export const workloadsOf = (manifests: readonly Manifest[]): Workload[] =>
  manifests
    .filter(
      ({ kind, metadata }) => ['Deployment', 'Job'].includes(kind) && selects(partOf, metadata['labels']),
    )
    .map((manifest) => {
      const pod = at(manifest, 'spec.template.spec') as Fields;
      const [container = {}] = listAt(pod, 'containers');
      return {
        manifest,
        app: textAt(container, 'args.0') ?? '',
        labels: (at(manifest, 'spec.template.metadata.labels') ?? {}) as Fields,
        pod,
        container,
      };
    });

export const ofKind = (manifests: readonly Manifest[], kind: string): Manifest[] =>
  manifests.filter((one) => one.kind === kind);

/** Whether every label of the selector is there. */
export const selects = (selector: Fields | Readonly<Record<string, string>>, labels: unknown): boolean =>
  Object.entries(selector).every(([name, value]) => (labels as Fields | undefined)?.[name] === value);

/** Whether a pod selector with labels, expressions of the kind In, or nothing at all, means these labels. */
export function selectsPod(selector: Fields, labels: Fields): boolean {
  const expressions = listAt(selector, 'matchExpressions');
  return (
    selects((selector['matchLabels'] ?? {}) as Fields, labels) &&
    expressions.every(
      ({ key, operator, values }) =>
        operator === 'In' && (values as string[]).includes(labels[key as string] as string),
    )
  );
}

export const portOf = ({ container }: Workload, name: string): number | undefined =>
  listAt(container, 'ports').find((port) => port['name'] === name)?.['containerPort'] as number | undefined;
