import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configMapHash } from './config-map-hash.ts';
import { exposed } from '../../observability/catalogue.ts';
import { at, listAt, setAt, titleOf, type Fields, type Manifest, type Value } from './manifest.ts';
import { problemsOf } from './problems.ts';
import { folders, renderFolder } from './prove.ts';
import { problemsOfFields } from './schemas.ts';
import { strategicMerge } from './strategic-merge.ts';

const rendered = Object.fromEntries(folders.map((folder) => [folder, renderFolder(folder)]));
const [dev, production, withHpa] = folders;

type Mutate = (named: (title: string) => Manifest, manifests: Manifest[]) => void;
type Folder = (typeof folders)[number];

/** Sets a field of one manifest. */
const set =
  (title: string, path: string, value: Value): Mutate =>
  (named) =>
    setAt(named(title), path, value);

const unset =
  (title: string, path: string): Mutate =>
  (named) => {
    const parent = at(named(title), path.slice(0, path.lastIndexOf('.'))) as Fields;
    delete parent[path.slice(path.lastIndexOf('.') + 1)];
  };

const without =
  (title: string): Mutate =>
  (named, manifests) =>
    void manifests.splice(manifests.indexOf(named(title)), 1);

const container = 'spec.template.spec.containers.0';

/** Sets a variable in the container of an app. */
const env =
  (app: string, name: string, value: string): Mutate =>
  (named) => {
    const list = at(named(`Deployment/${app}`), `${container}.env`) as Fields[];
    const known = list.find((one) => one['name'] === name);
    if (known === undefined) list.push({ name, value });
    else known['value'] = value;
  };

const settings =
  (map: string, name: string, value: string): Mutate =>
  (named, manifests) => {
    const title = manifests.map(titleOf).find((one) => one.startsWith(`ConfigMap/${map}-`)) ?? '';
    setAt(named(title), `data.${name}`, value);
  };

/** Each of them would be applied without a word, or refused by the cluster only when it is there. */
const mutations: readonly (readonly [what: string, mutate: Mutate, problem: RegExp, folder?: Folder])[] = [
  // What schemas see.
  [
    'a number of replicas that is a word',
    set('Deployment/connector', 'spec.replicas', 'two'),
    /replicas must be integer/,
  ],
  [
    'a deployment without a selector',
    unset('Deployment/connector', 'spec.selector'),
    /required property selector/,
  ],
  [
    'a KEDA threshold that is a number',
    set('ScaledObject/push', 'spec.triggers.0.metadata.threshold', 10),
    /threshold must be string/,
  ],
  [
    'a route with a path match that does not exist',
    set('HTTPRoute/trunkline', 'spec.rules.0.matches.0.path.type', 'Glob'),
    /type must be equal to/,
  ],
  [
    'a pod monitor without selector',
    unset('PodMonitor/trunkline', 'spec.selector'),
    /required property selector/,
  ],
  ['a kind that nobody knows', set('Service/push', 'kind', 'Servise'), /Servise/],
  // Pods.
  [
    'a pod that may be root',
    set('Deployment/api', 'spec.template.spec.securityContext.runAsNonRoot', false),
    /runAsNonRoot is not true/,
  ],
  [
    'a root that can be written',
    set('Deployment/api', `${container}.securityContext.readOnlyRootFilesystem`, false),
    /readOnlyRootFilesystem/,
  ],
  [
    'capabilities that are kept',
    set('Deployment/push', `${container}.securityContext.capabilities.drop`, ['NET_RAW']),
    /capabilities\.drop/,
  ],
  [
    'a token of the cluster',
    set('Deployment/push', 'spec.template.spec.automountServiceAccountToken', true),
    /automountServiceAccountToken/,
  ],
  [
    'no seccomp profile',
    unset('Job/migrate-0.1.0', 'spec.template.spec.securityContext.seccompProfile'),
    /seccompProfile/,
  ],
  [
    'a pod on the network of its node',
    set('Deployment/connector', 'spec.template.spec.hostNetwork', true),
    /hostNetwork/,
  ],
  ['an image without a version', set('Deployment/push', `${container}.image`, 'trunkline'), /has no version/],
  [
    'an image called latest',
    set('Deployment/push', `${container}.image`, 'trunkline:latest'),
    /has no version/,
  ],
  [
    'memory that others may take away',
    set('Deployment/connector', `${container}.resources.requests.memory`, '64Mi'),
    /memory is not requested/,
  ],
  [
    'push with less memory than its own bounds allow',
    (named) => {
      setAt(named('Deployment/push'), `${container}.resources`, {
        requests: { cpu: '1', memory: '256Mi' },
        limits: { memory: '256Mi' },
      });
    },
    /its own bounds/,
  ],
  [
    'no place for temporary files',
    set('Deployment/api', 'spec.template.spec.volumes.0.name', 'temp'),
    /\/tmp is no emptyDir/,
  ],
  [
    'replicas that may all stand on one node',
    set('Deployment/api', 'spec.template.spec.topologySpreadConstraints', []),
    /not spread over kubernetes.io\/hostname/,
  ],
  // Names, ports, probes.
  ['an app that does not exist', set('Deployment/push', `${container}.args`, ['pusch']), /no app "pusch"/],
  [
    'a worker that runs another worker',
    set('Deployment/cleanup-worker', `${container}.args`, ['lifecycle-worker']),
    /it runs lifecycle-worker/,
  ],
  [
    'an operations port that nobody listens on',
    set('Deployment/connector', `${container}.ports.0.containerPort`, 9090),
    /operations listens on 9464/,
  ],
  [
    'a port of push that nobody listens on',
    env('push', 'TRUNKLINE_PUSH_PORT', '8091'),
    /http listens on 8091/,
  ],
  ['an API that listens to itself', env('api', 'TRUNKLINE_API_HOST', '127.0.0.1'), /listens on 127/],
  [
    'liveness that asks for readiness',
    set('Deployment/push', `${container}.livenessProbe.httpGet.path`, '/readyz'),
    /livenessProbe does not ask for \/livez/,
  ],
  [
    'readiness by a path that does not exist',
    set('Deployment/push', `${container}.readinessProbe.httpGet.path`, '/healthz'),
    /readinessProbe does not/,
  ],
  ['no startup probe', unset('Deployment/api', `${container}.startupProbe`), /startupProbe/],
  [
    'probes without patience',
    unset('Deployment/api', `${container}.livenessProbe.timeoutSeconds`),
    /livenessProbe waits/,
  ],
  // Environment.
  [
    'a variable that is misspelt',
    env('push', 'TRUNKLINE_PUSH_DRIAN', '30s'),
    /TRUNKLINE_PUSH_DRIAN is no setting/,
  ],
  [
    'a variable of another app',
    env('connector', 'TRUNKLINE_PUSH_DRAIN', '30s'),
    /TRUNKLINE_PUSH_DRAIN is no setting/,
  ],
  ['a value that is not one', env('push', 'TRUNKLINE_PUSH_DRAIN', 'soon'), /TRUNKLINE_PUSH_DRAIN must be/],
  [
    'a log level that does not exist',
    settings('trunkline-settings', 'TRUNKLINE_LOG_LEVEL', 'loud'),
    /TRUNKLINE_LOG_LEVEL must be/,
  ],
  [
    'no issuer',
    (_named, all) => {
      for (const { kind, data } of all)
        if (kind === 'ConfigMap') delete (data as Fields)['TRUNKLINE_TOKEN_ISSUER'];
    },
    /TRUNKLINE_TOKEN_ISSUER is not set/,
  ],
  [
    'an issuer over plain HTTP',
    settings('trunkline-access', 'TRUNKLINE_TOKEN_ISSUER', 'http://login.example.com'),
    /TRUNKLINE_TOKEN_ISSUER must be/,
  ],
  ['processes with different shards', env('connector', 'TRUNKLINE_STREAM_SHARDS', '16'), /different shards/],
  [
    'a secret in the environment',
    env('api', 'TRUNKLINE_WEBHOOK_KEY', '2026a:0123456789abcdef0123456789abcdef'),
    /is a secret and stands in the manifest/,
  ],
  [
    'a secret that nobody mounts',
    set('Deployment/api', 'spec.template.spec.volumes.2.secret.secretName', 'elsewhere'),
    /no secret with such a key/,
  ],
  [
    'a config map that does not exist',
    set('Deployment/api', `${container}.envFrom.0.configMapRef.name`, 'trunkline-settings'),
    /there is no ConfigMap/,
  ],
  [
    'a webhook-worker without its key',
    set('Deployment/webhook-worker', `${container}.env`, [
      { name: 'DATABASE_URL_FILE', value: '/var/run/trunkline/stores/DATABASE_URL' },
      { name: 'REDIS_URL_FILE', value: '/var/run/trunkline/stores/REDIS_URL' },
    ]),
    /it needs TRUNKLINE_WEBHOOK_KEY/,
  ],
  [
    'credentials that are not mounted',
    env('connector', 'TRUNKLINE_CREDENTIALS_DIR', '/credentials'),
    /nothing is mounted at \/credentials/,
  ],
  // Stopping.
  [
    'a grace period that ends within the drain',
    set('Deployment/push', 'spec.template.spec.terminationGracePeriodSeconds', 45),
    /killed after 45000 ms/,
  ],
  [
    'a drain that is longer than the stop budget',
    env('push', 'TRUNKLINE_PUSH_DRAIN', '60s'),
    /TRUNKLINE_STOP_BUDGET is 45000/,
  ],
  [
    'a budget shorter than the links need',
    env('connector', 'TRUNKLINE_STOP_BUDGET', '5s'),
    /its stop may take 14000/,
  ],
  [
    'push that goes before proxies know',
    unset('Deployment/push', `${container}.lifecycle`),
    /before proxies have heard/,
  ],
  [
    'a worker that sleeps before it stops',
    set('Deployment/connector', `${container}.lifecycle`, { preStop: { sleep: { seconds: 5 } } }),
    /need not wait/,
  ],
  // Migration.
  ['no migration', without('Job/migrate-0.1.0'), /nobody migrates/],
  [
    'a migration of another version than its name',
    set('Job/migrate-0.1.0', `${container}.image`, 'registry.example.com/trunkline:0.2.0'),
    /does not end in the version/,
  ],
  [
    'a migration that is not tried again',
    set('Job/migrate-0.1.0', 'spec.template.spec.restartPolicy', 'Never'),
    /not tried again/,
  ],
  // The cluster.
  ['an app that nobody deploys', without('Deployment/cleanup-worker'), /nothing deploys cleanup-worker/],
  [
    'two of one name',
    (named, all) => void all.push(structuredClone(named('Service/push'))),
    /is there twice/,
  ],
  [
    'a manifest in another namespace',
    set('Service/push', 'metadata.namespace', 'default'),
    /in another namespace/,
  ],
  ['a namespace that takes any pod', set('Namespace/trunkline', 'metadata.labels', {}), /does not enforce/],
  [
    'a service account with a token',
    set('ServiceAccount/push', 'automountServiceAccountToken', true),
    /hands out a token/,
  ],
  [
    'a service account of another app',
    set('Deployment/push', 'spec.template.spec.serviceAccountName', 'api'),
    /no service account of its own/,
  ],
  [
    'a budget that blocks the draining of nodes',
    set('PodDisruptionBudget/connector', 'spec', {
      minAvailable: 2,
      selector: { matchLabels: { 'app.kubernetes.io/name': 'connector' } },
    }),
    /can block the draining/,
  ],
  [
    'a budget for other pods',
    set('PodDisruptionBudget/push', 'spec.selector.matchLabels', { app: 'push' }),
    /push has 0 disruption budgets/,
  ],
  ['no default deny', without('NetworkPolicy/default-deny'), /nothing denies Ingress by default/],
  ['a way out to anywhere', unset('NetworkPolicy/to-stores', 'spec.egress.0.to'), /lets out to anywhere/],
  [
    'no way to Redis',
    set('NetworkPolicy/to-stores', 'spec.egress.0.ports', [{ port: 5432, protocol: 'TCP' }]),
    /may not reach TCP 6379/,
  ],
  [
    'names by UDP only',
    set('NetworkPolicy/to-names', 'spec.egress.0.ports', [{ port: 53, protocol: 'UDP' }]),
    /may not reach TCP 53/,
  ],
  ['no way to the issuer', without('NetworkPolicy/to-issuer'), /Deployment\/push may not reach TCP 443/],
  ['a way in for anybody', unset('NetworkPolicy/from-gateway', 'spec.ingress.0.from'), /lets anybody in/],
  ['no way in for the gateway', without('NetworkPolicy/from-gateway'), /nobody may come in to push/],
  [
    'no way in for Prometheus',
    without('NetworkPolicy/from-prometheus'),
    /Prometheus may not come in to connector/,
  ],
  [
    'a service that leads to other pods',
    set('Service/push', 'spec.selector', { 'app.kubernetes.io/name': 'api' }),
    /leads to other pods/,
  ],
  [
    'a service that leads to no port',
    set('Service/api', 'spec.ports.0.targetPort', 'web'),
    /leads to no port/,
  ],
  ['sockets that are cut', unset('HTTPRoute/trunkline', 'spec.rules.0.timeouts'), /cuts \/ws/],
  [
    'sockets that lead to the API',
    set('HTTPRoute/trunkline', 'spec.rules.0.backendRefs.0.name', 'api'),
    /does not lead \/ws to push/,
  ],
  [
    'a route to a port that is not there',
    set('HTTPRoute/trunkline', 'spec.rules.1.backendRefs.0.port', 8080),
    /leads \/ to api:8080/,
  ],
  [
    'an ingress that cuts sockets',
    set('Ingress/trunkline-push', 'metadata.annotations', {}),
    /Ingress cuts \/ws/,
    dev,
  ],
  [
    'an ingress without event streams',
    set('Ingress/trunkline-push', 'spec.rules.0.http.paths.1.path', '/events'),
    /does not lead \/sse to push/,
    dev,
  ],
  [
    'a monitor of another port',
    set('PodMonitor/trunkline', 'spec.podMetricsEndpoints.0.port', 'http'),
    /asks a port/,
  ],
  [
    'a monitor of another path',
    set('PodMonitor/trunkline', 'spec.podMetricsEndpoints.0.path', '/stats'),
    /asks for no metrics/,
  ],
  // Scaling.
  [
    'a metric that nobody tells of',
    set(
      'ScaledObject/push',
      'spec.triggers.0.metadata.query',
      'sum(trunkline_push_sockets{namespace="trunkline"})',
    ),
    /nobody tells of "trunkline_push_sockets"/,
  ],
  [
    'a label that the metric does not have',
    set(
      'ScaledObject/lifecycle-worker',
      'spec.triggers.0.metadata.query',
      'sum(trunkline_stream_lag_entries{namespace="trunkline",stream="lifecycle"})',
    ),
    /no label "stream"/,
  ],
  [
    'a metric of another namespace',
    set(
      'ScaledObject/push',
      'spec.triggers.0.metadata.query',
      'sum(trunkline_push_connections{namespace="prod"})',
    ),
    /namespace "prod"/,
  ],
  [
    'a threshold that is no number',
    set('ScaledObject/push', 'spec.triggers.0.metadata.threshold', 'many'),
    /threshold .* is no number/,
  ],
  [
    'a threshold that nodes never reach',
    set('ScaledObject/push', 'spec.triggers.0.metadata.threshold', '19000'),
    /too close to the 20000/,
  ],
  [
    'more workers than shards',
    set('ScaledObject/lifecycle-worker', 'spec.maxReplicaCount', 20),
    /20 replicas share 8 shards/,
  ],
  [
    'a scaler of what is not there',
    set('ScaledObject/api', 'spec.scaleTargetRef.name', 'apis'),
    /scales apis/,
  ],
  ['replicas beside a scaler', set('Deployment/push', 'spec.replicas', 2), /set the replicas back/],
  [
    'a scaler that goes down to nothing',
    set('ScaledObject/push', 'spec.minReplicaCount', 0),
    /keeps 0 to 50/,
  ],
  ['a scaler that never rests', unset('ScaledObject/push', 'spec.advanced'), /up and down/],
  [
    'an HPA by a metric that nobody tells of',
    set('HorizontalPodAutoscaler/api', 'spec.metrics.0.external.metric.name', 'http_requests'),
    /nobody tells of "http_requests"/,
    withHpa,
  ],
  [
    'an HPA by a label that does not exist',
    set('HorizontalPodAutoscaler/lifecycle-worker', 'spec.metrics.0.external.metric.selector.matchLabels', {
      topic: 'x',
    }),
    /no label "topic"/,
    withHpa,
  ],
];

function mutated(folder: Folder, mutate: Mutate): Manifest[] {
  const manifests = structuredClone(rendered[folder] ?? []);
  mutate((title) => {
    const found = manifests.find((one) => titleOf(one) === title);
    if (found === undefined) throw new Error(`there is no ${title}`);
    return found;
  }, manifests);
  return manifests;
}

describe('the manifests', () => {
  it.each(folders)('of %s have nothing wrong with them', async (folder) => {
    expect(await problemsOf(rendered[folder] ?? [])).toEqual([]);
  });

  for (const [what, mutate, problem, folder = production] of mutations)
    it(`are refused with ${what}`, async () => {
      expect((await problemsOf(mutated(folder, mutate))).join('\n')).toMatch(problem);
    });
});

describe('unknown fields', () => {
  const misspelt: readonly (readonly [title: string, path: string, field: string])[] = [
    ['Deployment/push', 'spec.template.spec', 'terminationGracePeriodSecond'],
    ['Deployment/push', `${container}.livenessProbe`, 'timeoutSecond'],
    ['Deployment/api', `${container}.securityContext`, 'readonlyRootFilesystem'],
    ['PodDisruptionBudget/push', 'spec', 'maxUnavailble'],
    ['NetworkPolicy/to-stores', 'spec', 'egres'],
    ['Job/migrate-0.1.0', 'spec', 'ttlSecondsAfterFinish'],
    ['ScaledObject/push', 'spec', 'cooldown'],
    ['HTTPRoute/trunkline', 'spec.rules.0.timeouts', 'requests'],
    ['PodMonitor/trunkline', 'spec', 'podMetricsEndpoint'],
    ['Service/push', 'spec.ports.0', 'targetport'],
  ];
  let problems: readonly string[] = [];
  beforeAll(async () => {
    const wrong = misspelt.flatMap(([title, path, field]) =>
      mutated(production, set(title, `${path}.${field}`, 1)).filter((one) => titleOf(one) === title),
    );
    problems = await problemsOfFields([...wrong, ...folders.flatMap((folder) => rendered[folder] ?? [])]);
  }, 120_000);

  it.each(misspelt)('of %s below %s are refused: %s', (title, _, field) => {
    expect(problems.filter((one) => one.startsWith(title) && one.includes(field))).toHaveLength(1);
  });

  it('are nowhere else', () => {
    expect(problems).toHaveLength(misspelt.length);
  });
});

describe('rendering', () => {
  it('names a config map by its content', () => {
    // As kustomize 5.5 does.
    expect(configMapHash({ a: 'b' })).toBe('4h2mbtbbt6');
    expect(configMapHash({ a: '<' })).not.toBe(configMapHash({ a: '>' }));
  });

  it('merges lists by the names of their entries, and takes away what is null', () => {
    const into = {
      replicas: 2,
      env: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
      args: ['a'],
    };
    const patch = {
      replicas: null,
      env: [
        { name: 'B', value: '3' },
        { name: 'C', value: '4' },
      ],
      args: ['b'],
    };
    expect(strategicMerge(into, patch)).toEqual({
      env: [
        { name: 'B', value: '3' },
        { name: 'C', value: '4' },
        { name: 'A', value: '1' },
      ],
      args: ['b'],
    });
  });

  it('gives the migration the name of its version, and whoever reads a config map its hash', () => {
    const titles = (rendered[production] ?? []).map(titleOf);
    expect(titles).toContain('Job/migrate-0.1.0');
    const push = rendered[production]?.find((one) => titleOf(one) === 'Deployment/push');
    const maps = listAt(push, `${container}.envFrom`).map((one) => at(one, 'configMapRef.name') as string);
    expect(maps.map((name) => titles.includes(`ConfigMap/${name}`))).toEqual([true, true]);
  });
});

it('the rules for prometheus-adapter answer what the HPAs ask', () => {
  const file = join(import.meta.dirname, '../components/autoscaling-hpa/prometheus-adapter-rules.yaml');
  const { external } = parse(readFileSync(file, 'utf8')) as {
    external: { seriesQuery: string; metricsQuery: string; name: { as: string } }[];
  };
  const asked = (rendered[withHpa] ?? [])
    .filter(({ kind }) => kind === 'HorizontalPodAutoscaler')
    .flatMap((one) =>
      listAt(one, 'spec.metrics').map((metric) => at(metric, 'external.metric.name') as string),
    );
  expect(new Set(external.map(({ name }) => name.as))).toEqual(new Set(asked));
  for (const { seriesQuery, name } of external) {
    expect(seriesQuery).toBe(name.as);
    expect(exposed.has(seriesQuery)).toBe(true);
  }
});
