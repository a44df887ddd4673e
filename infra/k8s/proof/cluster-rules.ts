import { OPERATIONS_PATHS } from '@trunkline/service-kit';
import { environmentOf } from './environment.ts';
import { apps } from './facts.ts';
import { at, listAt, textAt, titleOf, type Fields, type Manifest } from './manifest.ts';
import { ofKind, partOf, portOf, selects, selectsPod, type Workload } from './workloads.ts';

/** Push ends a silent client after two and a half heartbeats; proxies must have more patience, and much more is usual. */
const IDLE_SECONDS_MIN = 3_600;

type Rule = (manifests: readonly Manifest[], workloads: readonly Workload[]) => string[];

/** What all manifests together must be like. */
export const clusterRules: readonly Rule[] = [
  everyAppIsThere,
  namesAreUnique,
  oneNamespace,
  oneSettingOfShards,
  serviceAccounts,
  disruptionBudgets,
  defaultDeny,
  waysOut,
  waysIn,
  services,
  routes,
  ingresses,
  podMonitors,
];

function everyAppIsThere(_: readonly Manifest[], workloads: readonly Workload[]): string[] {
  const deployed = new Set(workloads.map(({ manifest }) => titleOf(manifest)));
  const hasMigration = workloads.some(({ manifest }) => manifest.kind === 'Job');
  return [
    ...Object.keys(apps)
      .filter((app) => !deployed.has(`Deployment/${app}`))
      .map((app) => `nothing deploys ${app}`),
    ...(hasMigration ? [] : ['nobody migrates the database']),
  ];
}

function namesAreUnique(manifests: readonly Manifest[]): string[] {
  const titles = manifests.map(titleOf);
  return titles
    .filter((title, index) => titles.indexOf(title) !== index)
    .map((title) => `${title} is there twice`);
}

function oneNamespace(manifests: readonly Manifest[]): string[] {
  const [namespace] = ofKind(manifests, 'Namespace');
  const labels = namespace?.metadata['labels'] as Fields | undefined;
  return [
    ...(labels?.['pod-security.kubernetes.io/enforce'] === 'restricted'
      ? []
      : ['the namespace does not enforce restricted pods']),
    ...manifests
      .filter(({ kind }) => kind !== 'Namespace')
      .filter(({ metadata }) => metadata['namespace'] !== namespace?.metadata.name)
      .map((one) => `${titleOf(one)} is in another namespace`),
  ];
}

/** Publishers and readers must agree on where an event lies. */
function oneSettingOfShards(manifests: readonly Manifest[], workloads: readonly Workload[]): string[] {
  const shards = new Set(workloads.map((one) => environmentOf(one, manifests).read?.['stores']?.['shards']));
  return shards.size > 1 ? [`processes have different shards: ${[...shards].join(', ')}`] : [];
}

const serviceAccountOf = (
  { pod, manifest }: Workload,
  manifests: readonly Manifest[],
): Manifest | undefined =>
  ofKind(manifests, 'ServiceAccount').find(
    ({ metadata }) =>
      metadata.name === pod['serviceAccountName'] && titleOf(manifest).includes(`/${metadata.name}`),
  );

function serviceAccounts(manifests: readonly Manifest[], workloads: readonly Workload[]): string[] {
  return workloads.flatMap((one) => {
    const account = serviceAccountOf(one, manifests);
    if (account === undefined) return [`${titleOf(one.manifest)} has no service account of its own`];
    return account['automountServiceAccountToken'] === false ? [] : [`${titleOf(account)} hands out a token`];
  });
}

const deployments = (workloads: readonly Workload[]): Workload[] =>
  workloads.filter(({ manifest }) => manifest.kind === 'Deployment');

function disruptionBudgets(manifests: readonly Manifest[], workloads: readonly Workload[]): string[] {
  return deployments(workloads).flatMap(({ labels, app }) => {
    const budgets = ofKind(manifests, 'PodDisruptionBudget').filter((one) =>
      selectsPod((at(one, 'spec.selector') ?? {}) as Fields, labels),
    );
    const [spec] = budgets.map((one) => one['spec'] as Fields);
    if (spec === undefined || budgets.length > 1) return [`${app} has ${budgets.length} disruption budgets`];
    return spec['maxUnavailable'] === 1 && spec['unhealthyPodEvictionPolicy'] === 'AlwaysAllow'
      ? []
      : [`the disruption budget of ${app} can block the draining of a node`];
  });
}

const policies = (manifests: readonly Manifest[], direction: 'Ingress' | 'Egress'): Manifest[] =>
  ofKind(manifests, 'NetworkPolicy').filter((one) =>
    ((at(one, 'spec.policyTypes') ?? []) as string[]).includes(direction),
  );

function defaultDeny(manifests: readonly Manifest[]): string[] {
  return (['Ingress', 'Egress'] as const)
    .filter(
      (direction) =>
        !policies(manifests, direction).some(
          (one) =>
            JSON.stringify(at(one, 'spec.podSelector')) === '{}' &&
            at(one, `spec.${direction.toLowerCase()}`) === undefined,
        ),
    )
    .map((direction) => `nothing denies ${direction} by default`);
}

/** The ports that some policy lets these pods reach. A way out that names neither port nor address is no wall. */
function waysOut(manifests: readonly Manifest[], workloads: readonly Workload[]): string[] {
  const all = policies(manifests, 'Egress');
  return [
    ...all
      .filter((one) =>
        listAt(one, 'spec.egress').some((rule) => !hasEntries(rule, 'to') || !hasEntries(rule, 'ports')),
      )
      .map((one) => `${titleOf(one)} lets out to anywhere`),
    ...workloads.flatMap(({ app, labels, manifest }) => {
      const open = new Set(
        all
          .filter((one) => selectsPod(at(one, 'spec.podSelector') as Fields, labels))
          .flatMap((one) => listAt(one, 'spec.egress').flatMap((rule) => listAt(rule, 'ports')))
          .map(({ protocol, port }) => `${protocol as string} ${port as number}`),
      );
      return wantedPorts(app)
        .filter((port) => !open.has(port))
        .map((port) => `${titleOf(manifest)} may not reach ${port}`);
    }),
  ];
}

const hasEntries = (rule: Fields, name: string): boolean => listAt(rule, name).length > 0;

const toStores = ['UDP 53', 'TCP 53', 'TCP 5432', 'TCP 6379'];
const further: Readonly<Record<string, readonly string[]>> = {
  connector: ['TCP 443', 'TCP 5038', 'TCP 5039', 'TCP 8088', 'TCP 8089'],
  'recording-worker': ['TCP 443', 'TCP 8088', 'TCP 8089'],
  'webhook-worker': ['TCP 443', 'TCP 8443'],
  push: ['TCP 443'],
  api: ['TCP 443'],
};
const wantedPorts = (app: string): readonly string[] => [...toStores, ...(further[app] ?? [])];

/** Every way in names who comes, and a port that the pods behind it have. */
function waysIn(manifests: readonly Manifest[], workloads: readonly Workload[]): string[] {
  const open = policies(manifests, 'Ingress').filter((one) => listAt(one, 'spec.ingress').length > 0);
  const reachable = (one: Workload, port: string): boolean =>
    open.some(
      (policy) =>
        selectsPod(at(policy, 'spec.podSelector') as Fields, one.labels) &&
        listAt(policy, 'spec.ingress').some((rule) =>
          listAt(rule, 'ports').some((entry) => entry['port'] === port),
        ),
    );
  const monitored = ofKind(manifests, 'PodMonitor').length > 0;
  return [
    ...open
      .filter((one) =>
        listAt(one, 'spec.ingress').some((rule) => !hasEntries(rule, 'from') || !hasEntries(rule, 'ports')),
      )
      .map((one) => `${titleOf(one)} lets anybody in`),
    ...deployments(workloads).flatMap((one) => [
      ...(apps[one.app]?.http !== undefined && !reachable(one, 'http')
        ? [`nobody may come in to ${one.app}`]
        : []),
      ...(apps[one.app]?.http === undefined && reachable(one, 'http')
        ? [`${one.app} has nothing to come in for`]
        : []),
      ...(monitored && !reachable(one, 'operations') ? [`Prometheus may not come in to ${one.app}`] : []),
    ]),
  ];
}

const serviceNamed = (manifests: readonly Manifest[], name: string): Manifest | undefined =>
  ofKind(manifests, 'Service').find(({ metadata }) => metadata.name === name);

function services(manifests: readonly Manifest[], workloads: readonly Workload[]): string[] {
  return deployments(workloads)
    .filter(({ app }) => apps[app]?.http !== undefined)
    .flatMap((one) => {
      const service = serviceNamed(manifests, one.app);
      if (service === undefined) return [`${one.app} has no service`];
      const selector = (at(service, 'spec.selector') ?? {}) as Fields;
      const behind = workloads.filter(({ labels }) => selects(selector, labels));
      const [port] = listAt(service, 'spec.ports');
      const target = textAt(port, 'targetPort') ?? '';
      return [
        ...(behind.length === 1 && behind[0] === one ? [] : [`the service ${one.app} leads to other pods`]),
        ...(portOf(one, target) === undefined ? [`the service ${one.app} leads to no port of its pods`] : []),
      ];
    });
}

/** Sockets and event streams to push, everything else to the API. */
const leads = { '/ws': 'push', '/sse': 'push', '/': 'api' } as const;

interface Way {
  readonly path: string;
  readonly service: string;
  readonly port: string;
}

const problemsOfWays = (title: string, ways: readonly Way[], manifests: readonly Manifest[]): string[] => [
  ...Object.entries(leads)
    .filter(([path, service]) => !ways.some((way) => way.path === path && way.service === service))
    .map(([path, service]) => `${title} does not lead ${path} to ${service}`),
  ...ways
    .filter(({ service, port }) => {
      const ports = listAt(serviceNamed(manifests, service), 'spec.ports');
      return !ports.some((one) => [textAt(one, 'port'), textAt(one, 'name')].includes(port));
    })
    .map(({ path, service, port }) => `${title} leads ${path} to ${service}:${port}, which is not there`),
];

function routes(manifests: readonly Manifest[]): string[] {
  return ofKind(manifests, 'HTTPRoute').flatMap((route) => {
    const rules = listAt(route, 'spec.rules');
    const ways = rules.flatMap((rule) =>
      listAt(rule, 'matches').flatMap((match) =>
        listAt(rule, 'backendRefs').map((to) => ({
          path: textAt(match, 'path.value') ?? '',
          service: textAt(to, 'name') ?? '',
          port: textAt(to, 'port') ?? '',
          endless: textAt(rule, 'timeouts.request') === '0s',
        })),
      ),
    );
    return [
      ...problemsOfWays(titleOf(route), ways, manifests),
      ...ways
        .filter(({ service, endless }) => service === 'push' && !endless)
        .map(({ path }) => `${titleOf(route)} cuts ${path} after some time`),
    ];
  });
}

function ingresses(manifests: readonly Manifest[]): string[] {
  const all = ofKind(manifests, 'Ingress');
  if (all.length === 0) return [];
  const ways = all.flatMap((ingress) =>
    listAt(ingress, 'spec.rules').flatMap((rule) =>
      listAt(rule, 'http.paths').map((path) => ({
        path: textAt(path, 'path') ?? '',
        service: textAt(path, 'backend.service.name') ?? '',
        port: textAt(path, 'backend.service.port.name') ?? '',
        annotations: (ingress.metadata['annotations'] ?? {}) as Fields,
      })),
    ),
  );
  const patient = (annotations: Fields): boolean =>
    ['read', 'send'].every(
      (way) => Number(annotations[`nginx.ingress.kubernetes.io/proxy-${way}-timeout`]) >= IDLE_SECONDS_MIN,
    );
  return [
    ...problemsOfWays('Ingress', ways, manifests),
    ...ways
      .filter(({ service, annotations }) => service === 'push' && !patient(annotations))
      .map(({ path }) => `Ingress cuts ${path} after some time`),
  ];
}

function podMonitors(manifests: readonly Manifest[]): string[] {
  return ofKind(manifests, 'PodMonitor').flatMap((monitor) => {
    const [endpoint] = listAt(monitor, 'spec.podMetricsEndpoints');
    return [
      ...(textAt(endpoint, 'port') === 'operations'
        ? []
        : ['the PodMonitor asks a port that pods don’t have']),
      ...(textAt(endpoint, 'path') === OPERATIONS_PATHS.metrics
        ? []
        : ['the PodMonitor asks for no metrics']),
      ...(selects(partOf, at(monitor, 'spec.selector.matchLabels'))
        ? []
        : ['the PodMonitor looks for other pods']),
    ];
  });
}
