import { OPERATIONS_PATHS } from '@trunkline/service-kit';
import { environmentOf, isMounted } from './environment.ts';
import { apps, migration, type Read } from './facts.ts';
import { at, listAt, textAt, titleOf, type Fields, type Manifest } from './manifest.ts';
import { portOf, type Workload } from './workloads.ts';

/** Stores and telemetry are closed after an app's own part of the stop. */
const CLOSING_MS = 2_000;
/** From the end of the budget until the forced exit is through. */
const HARD_EXIT_MS = 2_000;
/** Proxies hear of a pod that goes within so long. */
const PRE_STOP_SECONDS_MIN = 5;

/** Everything that a pod of ours must be like, as sentences about what it is not. */
export function problemsOfWorkload(workload: Workload, manifests: readonly Manifest[]): string[] {
  const { read, variables, problems } = environmentOf(workload, manifests);
  const isJob = workload.manifest.kind === 'Job';
  return [
    ...problemsOfSecurity(workload),
    ...problemsOfResources(workload),
    ...problems,
    ...(isJob ? problemsOfMigration(workload) : problemsOfService(workload, read, variables)),
  ].map((problem) => `${titleOf(workload.manifest)}: ${problem}`);
}

const wanted: readonly (readonly [part: 'pod' | 'container', path: string, value: string])[] = [
  ['pod', 'automountServiceAccountToken', 'false'],
  ['pod', 'enableServiceLinks', 'false'],
  ['pod', 'securityContext.runAsNonRoot', 'true'],
  ['pod', 'securityContext.seccompProfile.type', 'RuntimeDefault'],
  ['container', 'securityContext.allowPrivilegeEscalation', 'false'],
  ['container', 'securityContext.readOnlyRootFilesystem', 'true'],
  ['container', 'securityContext.capabilities.drop', 'ALL'],
];

/** The pod security standard "restricted", and a root that nobody writes to. */
function problemsOfSecurity(workload: Workload): string[] {
  const { container, pod } = workload;
  const tmp = listAt(pod, 'volumes').find(({ name }) => name === 'tmp');
  return [
    ...wanted
      .filter(([part, path, value]) => textAt(workload[part], path) !== value)
      .map(([, path, value]) => `${path} is not ${value}`),
    ...['hostNetwork', 'hostPID', 'hostIPC']
      .filter((name) => pod[name] === true)
      .map((name) => `${name} is open`),
    ...(container['securityContext'] !== undefined &&
    textAt(container, 'securityContext.privileged') === 'true'
      ? ['it is privileged']
      : []),
    ...(isMounted(workload, '/tmp') && tmp?.['emptyDir'] !== undefined ? [] : ['/tmp is no emptyDir']),
    ...(listAt(pod, 'containers').length === 1
      ? []
      : ['it has more than the one container that is looked at']),
    ...(/^[\w./:-]+:[\w.-]+$/.test(textAt(container, 'image') ?? '') &&
    !textAt(container, 'image')?.endsWith(':latest')
      ? []
      : [`the image ${textAt(container, 'image')} has no version`]),
  ];
}

function problemsOfResources({ app, container }: Workload): string[] {
  const [request, limit] = ['requests', 'limits'].map((name) =>
    textAt(container, `resources.${name}.memory`),
  );
  const bytesMin = apps[app]?.bytesMin ?? 0;
  return [
    ...(limit === undefined || request !== limit ? ['memory is not requested as it is limited'] : []),
    ...(textAt(container, 'resources.requests.cpu') === undefined ? ['no CPU is requested'] : []),
    ...(bytesOf(limit ?? '0') < bytesMin ? [`its own bounds allow it ${bytesMin} bytes of memory`] : []),
  ];
}

const units: Readonly<Record<string, number>> = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 };
function bytesOf(quantity: string): number {
  const [, count = '0', unit = ''] = /^(\d+)(\w*)$/.exec(quantity) ?? [];
  return Number(count) * (units[unit] ?? 1);
}

function problemsOfMigration({ manifest, app, pod, container }: Workload): string[] {
  const tag = textAt(container, 'image')?.split(':').at(-1) ?? '';
  return [
    ...(JSON.stringify(container['args']) === JSON.stringify(migration.args) ? [] : [`it runs ${app}`]),
    ...(pod['restartPolicy'] === 'OnFailure' ? [] : ['it is not tried again']),
    ...(manifest.metadata.name === `migrate-${tag}` ? [] : ['its name does not end in the version']),
  ];
}

function problemsOfService(
  workload: Workload,
  read: Read | undefined,
  variables: ReadonlySet<string>,
): string[] {
  const facts = apps[workload.app];
  if (facts === undefined) return [`there is no app "${workload.app}"`];
  if (workload.app !== workload.manifest.metadata.name) return [`it runs ${workload.app}`];
  const missing = (facts.needs ?? []).filter((variable) => !variables.has(variable));
  if (missing.length > 0) return [`it needs ${missing.join(', ')}`];
  if (read === undefined) return [];
  return [
    ...problemsOfPort(workload, 'operations', read['operations']),
    ...(facts.http === undefined ? [] : problemsOfPort(workload, 'http', read[facts.http])),
    ...problemsOfProbes(workload),
    ...problemsOfStopping(workload, read),
    ...problemsOfFolders(workload, read),
    ...problemsOfSpread(workload),
  ];
}

function problemsOfPort(
  workload: Workload,
  name: string,
  listens: Fields | Read[string] | undefined,
): string[] {
  const { host, port } = (listens ?? {}) as { host?: string; port?: number };
  return [
    ...(host === '0.0.0.0' ? [] : [`${name} listens on ${host}, where nobody reaches it`]),
    ...(portOf(workload, name) === port
      ? []
      : [`${name} listens on ${port}, and the port ${name} is another`]),
  ];
}

const probes = {
  startupProbe: OPERATIONS_PATHS.live,
  livenessProbe: OPERATIONS_PATHS.live,
  readinessProbe: OPERATIONS_PATHS.ready,
} as const;

const problemsOfProbes = ({ container }: Workload): string[] =>
  Object.entries(probes).flatMap(([probe, path]) => [
    ...(textAt(container, `${probe}.httpGet.path`) === path ? [] : [`${probe} does not ask for ${path}`]),
    ...(textAt(container, `${probe}.httpGet.port`) === 'operations' ? [] : [`${probe} asks the wrong port`]),
    // Checks of readiness are bounded below a second.
    ...(Number(textAt(container, `${probe}.timeoutSeconds`)) >= 1 ? [] : [`${probe} waits for too short`]),
  ]);

/** The grace period begins with the preStop hook, and everything must fit into it. */
function problemsOfStopping({ app, container, pod }: Workload, read: Read): string[] {
  const facts = apps[app];
  const preStopMs = Number(textAt(container, 'lifecycle.preStop.sleep.seconds') ?? 0) * 1_000;
  const budgetMs = read['lifecycle']?.['stopBudgetMs'] as number;
  const graceMs = Number(textAt(pod, 'terminationGracePeriodSeconds') ?? 0) * 1_000;
  const stopMs = (facts?.stopMs(read) ?? 0) + CLOSING_MS;
  const takesTraffic = facts?.http !== undefined;
  return [
    ...(graceMs >= preStopMs + budgetMs + HARD_EXIT_MS
      ? []
      : [`it is killed after ${graceMs} ms, and may take ${preStopMs + budgetMs + HARD_EXIT_MS}`]),
    ...(budgetMs >= stopMs
      ? []
      : [`TRUNKLINE_STOP_BUDGET is ${budgetMs} ms, and its stop may take ${stopMs}`]),
    ...(takesTraffic && preStopMs < PRE_STOP_SECONDS_MIN * 1_000
      ? ['it goes before proxies have heard of it']
      : []),
    ...(!takesTraffic && preStopMs > 0 ? ['it takes no traffic and need not wait before it stops'] : []),
  ];
}

function problemsOfFolders(workload: Workload, read: Read): string[] {
  const folder = read['connector']?.['credentialsDirectory'] as string | undefined;
  return folder === undefined || isMounted(workload, folder) ? [] : [`nothing is mounted at ${folder}`];
}

const problemsOfSpread = ({ pod, manifest }: Workload): string[] =>
  ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].flatMap((key) => {
    const spread = listAt(pod, 'topologySpreadConstraints').find(({ topologyKey }) => topologyKey === key);
    const labels = at(manifest, 'spec.template.metadata.labels') as Fields;
    const selector = (at(spread, 'labelSelector.matchLabels') ?? {}) as Fields;
    const isRight =
      spread?.['whenUnsatisfiable'] === 'ScheduleAnyway' &&
      (spread['matchLabelKeys'] as string[] | undefined)?.includes('pod-template-hash') === true &&
      Object.keys(selector).length > 0 &&
      Object.entries(selector).every(([name, value]) => labels[name] === value);
    return isRight ? [] : [`its replicas are not spread over ${key}`];
  });
