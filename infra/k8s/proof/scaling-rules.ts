import { environmentOf } from './environment.ts';
import { exposed } from '../../observability/catalogue.ts';
import { apps } from './facts.ts';
import { at, listAt, textAt, titleOf, type Fields, type Manifest } from './manifest.ts';
import { ofKind, type Workload } from './workloads.ts';

/** Labels that Prometheus and every process of ours add. */
const commonLabels = new Set(['app', 'namespace', 'pod', 'instance', 'job']);

/** How full a push node may be when another one is asked for: the others must hold the clients of one that is lost. */
const PUSH_SHARE_MAX = 0.8;

interface Asked {
  readonly metric: string;
  readonly labels: readonly string[];
  readonly namespace?: string | undefined;
  readonly threshold: number;
}

/** What autoscalers must be like: they ask for what the code tells, and get along with what they scale. */
export function problemsOfScaling(manifests: readonly Manifest[], workloads: readonly Workload[]): string[] {
  return [...ofKind(manifests, 'ScaledObject'), ...ofKind(manifests, 'HorizontalPodAutoscaler')].flatMap(
    (scaler) => {
      const target = textAt(scaler, 'spec.scaleTargetRef.name') ?? '';
      const workload = workloads.find(({ manifest }) => titleOf(manifest) === `Deployment/${target}`);
      if (workload === undefined) return [`${titleOf(scaler)} scales ${target}, which is not there`];
      const asked = scaler.kind === 'ScaledObject' ? askedByKeda(scaler) : askedByHpa(scaler);
      return [
        ...problemsOfTarget(scaler, workload, manifests),
        ...(asked.length === 0 ? ['it asks for nothing'] : []),
        ...asked.flatMap((one) => problemsOfMetric(one, scaler)),
        ...(target === 'push' ? problemsOfPush(asked, workload, manifests) : []),
      ].map((problem) => `${titleOf(scaler)}: ${problem}`);
    },
  );
}

function problemsOfTarget(scaler: Manifest, workload: Workload, manifests: readonly Manifest[]): string[] {
  const [min, max] = ['min', 'max'].map((end) =>
    Number(textAt(scaler, `spec.${end}ReplicaCount`) ?? textAt(scaler, `spec.${end}Replicas`)),
  ) as [number, number];
  const shards = Number(environmentOf(workload, manifests).read?.['stores']?.['shards']);
  const down =
    at(scaler, 'spec.behavior.scaleDown') ??
    at(scaler, 'spec.advanced.horizontalPodAutoscalerConfig.behavior.scaleDown');
  return [
    ...(at(workload.manifest, 'spec.replicas') === undefined ? [] : ['an apply would set the replicas back']),
    ...(min >= 2 && max > min ? [] : [`it keeps ${min} to ${max} replicas`]),
    ...(apps[workload.app]?.sharded === true && max !== shards
      ? [`${max} replicas share ${shards} shards`]
      : []),
    ...(Number(textAt(down, 'stabilizationWindowSeconds')) >= 300
      ? []
      : ['it goes up and down all the time']),
  ];
}

const askedByKeda = (scaler: Manifest): Asked[] =>
  listAt(scaler, 'spec.triggers').map((trigger) => {
    const query = textAt(trigger, 'metadata.query') ?? '';
    const [, metric = '', matchers = ''] = /(trunkline_\w+)\{([^}]*)\}/.exec(query) ?? [];
    return {
      metric,
      labels: [
        ...[...matchers.matchAll(/(\w+)\s*=/g)].map(([, label = '']) => label),
        ...(/\bby \(([\w, ]+)\)/.exec(query)?.[1]?.split(/, */) ?? []),
      ],
      namespace: /namespace="([^"]*)"/.exec(matchers)?.[1] ?? '',
      threshold: Number(textAt(trigger, 'metadata.threshold')),
    };
  });

const askedByHpa = (scaler: Manifest): Asked[] =>
  listAt(scaler, 'spec.metrics').map((metric) => ({
    metric: textAt(metric, 'external.metric.name') ?? '',
    labels: Object.keys((at(metric, 'external.metric.selector.matchLabels') ?? {}) as Fields),
    threshold: Number(textAt(metric, 'external.target.averageValue')),
  }));

function problemsOfMetric({ metric, labels, namespace, threshold }: Asked, scaler: Manifest): string[] {
  const declared = exposed.get(metric);
  if (declared === undefined) return [`nobody tells of "${metric}"`];
  return [
    ...labels
      .filter((label) => !declared.labels.includes(label) && !commonLabels.has(label))
      .map((label) => `${metric} has no label "${label}"`),
    ...(namespace === undefined || namespace === scaler.metadata['namespace']
      ? []
      : [`it asks about the namespace "${namespace}"`]),
    ...(threshold > 0 ? [] : [`its threshold for ${metric} is no number`]),
  ];
}

function problemsOfPush(
  asked: readonly Asked[],
  workload: Workload,
  manifests: readonly Manifest[],
): string[] {
  const connectionsMax = Number(environmentOf(workload, manifests).read?.['push']?.['connectionsMax']);
  return asked
    .filter(({ threshold }) => threshold > PUSH_SHARE_MAX * connectionsMax)
    .map(
      ({ threshold }) => `${threshold} connections are too close to the ${connectionsMax} that a node serves`,
    );
}
