import { join } from 'node:path';
import { addDemoPbx, demoCredential, demoTenant, otherTenant } from './demo-pbx.ts';
import { storageFolder } from './storage-folder.ts';
import { webhookEnvironment } from './webhook-environment.ts';

export type FleetProcess = {
  /** Stands before each line it prints. */
  readonly name: string;
  /** The main file, from the root of the checkout. */
  readonly entry: string;
  /** Names of the ports it listens on. Each gets a free one, which is remembered from start to start. */
  readonly ports: readonly string[];
  /** What it is told beyond DATABASE_URL and REDIS_URL, which every process gets. */
  environment(surroundings: Surroundings): Readonly<Record<string, string>>;
  /** Done once before its first start, when those above it are ready; such as data that development needs. */
  prepare?(surroundings: Surroundings): Promise<void>;
  /** Answers 200 as soon as the process is ready. A process that has none is ready once it runs. */
  readyUrl?(surroundings: Surroundings): string;
  /** What the line "Trunkline is ready" should name. */
  shown?(surroundings: Surroundings): string;
  /** The address that people open in a browser. */
  opens?(surroundings: Surroundings): string;
};

export type Surroundings = {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Every port of the fleet, by `<process>.<port>`, such as `api.http`. */
  readonly ports: Readonly<Record<string, number>>;
  /** Where processes may keep what shall stay from start to start. */
  readonly data: string;
  /** A secret of this checkout; the same name gives the same one at each start. */
  secret(name: string): string;
};

const operationsOf = (name: string) => ({
  environment: ({ ports }: Surroundings) => ({
    TRUNKLINE_OPERATIONS_PORT: String(ports[`${name}.operations`]),
  }),
  readyUrl: ({ ports }: Surroundings) => `http://127.0.0.1:${ports[`${name}.operations`]}/readyz`,
});

const storageEnvironment = (surroundings: Surroundings) => ({
  TRUNKLINE_STORAGE_DIR: storageFolder(surroundings),
});

const simulator: FleetProcess = {
  name: 'pbx-simulator',
  entry: 'apps/pbx-simulator/src/main.ts',
  ports: ['pbx', 'control', 'operations'],
  environment: (surroundings) => ({
    ...operationsOf('pbx-simulator').environment(surroundings),
    TRUNKLINE_SIMULATOR_PORT: String(surroundings.ports['pbx-simulator.pbx']),
    TRUNKLINE_SIMULATOR_CONTROL_PORT: String(surroundings.ports['pbx-simulator.control']),
    TRUNKLINE_SIMULATOR_USERNAME: demoCredential.username,
    TRUNKLINE_SIMULATOR_SECRET: surroundings.secret('simulator'),
    TRUNKLINE_SIMULATOR_CERTIFICATE_DIR: join(surroundings.data, 'pbx-simulator'),
  }),
  readyUrl: operationsOf('pbx-simulator').readyUrl,
  shown: ({ ports }) => `simulated PBX steered at http://127.0.0.1:${ports['pbx-simulator.control']}`,
};

const connector: FleetProcess = {
  name: 'connector',
  entry: 'apps/connector/src/main.ts',
  ports: ['operations'],
  environment: (surroundings) => ({
    ...operationsOf('connector').environment(surroundings),
    TRUNKLINE_PBX_DEMO_USERNAME: demoCredential.username,
    TRUNKLINE_PBX_DEMO_SECRET: surroundings.secret('simulator'),
  }),
  prepare: addDemoPbx,
  readyUrl: operationsOf('connector').readyUrl,
};

const worker = (name: string): FleetProcess => ({
  name,
  entry: `apps/${name}/src/main.ts`,
  ports: ['operations'],
  ...operationsOf(name),
});

/** Development delivers to receivers on this machine too. */
const webhookWorker: FleetProcess = {
  ...worker('webhook-worker'),
  environment: (surroundings) => ({
    ...operationsOf('webhook-worker').environment(surroundings),
    ...webhookEnvironment(surroundings.secret('webhooks')),
  }),
};

const importWorker: FleetProcess = {
  ...worker('import-worker'),
  environment: (surroundings) => ({
    ...operationsOf('import-worker').environment(surroundings),
    ...storageEnvironment(surroundings),
  }),
};

/** It asks the PBX itself, and keeps what it gets where the API finds it. */
const recordingWorker: FleetProcess = {
  ...worker('recording-worker'),
  environment: (surroundings) => ({
    ...operationsOf('recording-worker').environment(surroundings),
    ...storageEnvironment(surroundings),
    TRUNKLINE_PBX_DEMO_USERNAME: demoCredential.username,
    TRUNKLINE_PBX_DEMO_SECRET: surroundings.secret('simulator'),
  }),
};

const local = (port: number | undefined): string => `http://127.0.0.1:${port}`;

/** In development nothing leads from the console's address to push, so its page is told push's own. */
const pushUrl = ({ ports }: Surroundings): string => `ws://127.0.0.1:${ports['push.http']}/ws`;

/** Who may come in: an issuer of tokens for development. */
const devIssuer: FleetProcess = {
  name: 'dev-issuer',
  entry: 'apps/dev-issuer/src/main.ts',
  ports: ['http', 'operations'],
  environment: (surroundings) => ({
    ...operationsOf('dev-issuer').environment(surroundings),
    TRUNKLINE_DEV_ISSUER_PORT: String(surroundings.ports['dev-issuer.http']),
    TRUNKLINE_DEV_ISSUER_DIR: join(surroundings.data, 'dev-issuer'),
    TRUNKLINE_DEV_ISSUER_TENANT: demoTenant,
    TRUNKLINE_DEV_ISSUER_OTHER_TENANT: otherTenant,
    TRUNKLINE_DEV_ISSUER_REDIRECTS: [
      `${local(surroundings.ports['api.http'])}/login/callback`,
      `${local(surroundings.ports['api.http'])}/signed-in`,
    ].join(','),
  }),
  readyUrl: operationsOf('dev-issuer').readyUrl,
  shown: ({ ports }) =>
    `tokens: curl -d '{"person":"olga"}' -H 'content-type: application/json' ${local(ports['dev-issuer.http'])}/dev/token`,
};

const api: FleetProcess = {
  name: 'api',
  entry: 'apps/api/src/main.ts',
  ports: ['http', 'operations'],
  environment: (surroundings) => ({
    ...operationsOf('api').environment(surroundings),
    TRUNKLINE_API_PORT: String(surroundings.ports['api.http']),
    TRUNKLINE_API_PUBLIC_URL: local(surroundings.ports['api.http']),
    TRUNKLINE_API_SESSION_SECRET: surroundings.secret('api-sessions'),
    TRUNKLINE_TOKEN_ISSUER: local(surroundings.ports['dev-issuer.http']),
    TRUNKLINE_CONSOLE_ENVIRONMENT: 'development',
    TRUNKLINE_CONSOLE_PUSH_URL: pushUrl(surroundings),
    ...storageEnvironment(surroundings),
    TRUNKLINE_API_SIMULATOR_URL: local(surroundings.ports['pbx-simulator.control']),
    ...webhookEnvironment(surroundings.secret('webhooks')),
  }),
  readyUrl: operationsOf('api').readyUrl,
  opens: ({ ports }) => local(ports['api.http']),
  shown: ({ ports }) => {
    const url = local(ports['api.http']);
    return `API at ${url} (described at ${url}/openapi.json), queues at ${url}/queues, streams at ${url}/operations`;
  },
};

const push: FleetProcess = {
  name: 'push',
  entry: 'apps/push/src/main.ts',
  ports: ['http', 'operations'],
  environment: (surroundings) => ({
    ...operationsOf('push').environment(surroundings),
    TRUNKLINE_PUSH_PORT: String(surroundings.ports['push.http']),
    TRUNKLINE_PUSH_ORIGINS: local(surroundings.ports['api.http']),
    TRUNKLINE_TOKEN_ISSUER: local(surroundings.ports['dev-issuer.http']),
  }),
  readyUrl: operationsOf('push').readyUrl,
  shown: (surroundings) => `push at ${pushUrl(surroundings)}`,
};

/**
 * The processes that `npm start` runs, in the order in which they start; they stop in the reverse: the workers
 * still hear the last words of the connector. An app joins the system by an entry here and nowhere else.
 */
export const fleet: readonly FleetProcess[] = [
  simulator,
  worker('lifecycle-worker'),
  worker('cleanup-worker'),
  connector,
  worker('stuck-call-worker'),
  webhookWorker,
  importWorker,
  recordingWorker,
  devIssuer,
  api,
  push,
];
