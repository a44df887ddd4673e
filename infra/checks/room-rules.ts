/**
 * Which room may import which, as data. The reason stands in the message of whoever breaks the rule, so it is
 * written for that reader.
 */
export type RoomRule = {
  /** Packages of ours, without the scope. */
  readonly mayImport: readonly string[] | 'any package';
  /** Packages of ours of which only types may be imported. */
  readonly mayImportTypes?: readonly string[];
  readonly because: string;
  /** Runs in browsers too, so that nothing of Node may come in. */
  readonly browserSafe?: true;
  /** No clock, no randomness, no input or output. */
  readonly pure?: true;
};

const serverApp: RoomRule = {
  mayImport: 'any package',
  because: 'an app is deployed alone; what two of them need is a package',
};

const clientLayer =
  'what runs on screens depends only on the wire protocol, so that it can be published and replaced';

export const roomRules: Readonly<Record<string, RoomRule>> = {
  'packages/domain': {
    mayImport: [],
    because: 'everything rests on the domain, so it rests on nothing of ours',
    browserSafe: true,
    pure: true,
  },
  'packages/service-kit': {
    mayImport: [],
    because: 'every process uses it, so whatever it used would be in every process',
  },
  'packages/realtime-protocol': {
    mayImport: [],
    mayImportTypes: ['domain'],
    because: 'the wire borrows the names of the domain, and a browser must not load more than the messages',
    browserSafe: true,
  },
  'packages/access': {
    mayImport: ['domain', 'service-kit'],
    because: 'it says who somebody is; what is done with that belongs to whoever lets them in',
  },
  'packages/pbx': {
    mayImport: ['domain', 'service-kit'],
    because: 'an adapter turns frames into events; where these go is not its business',
  },
  'packages/pbx-commands': {
    mayImport: ['domain', 'service-kit'],
    because: 'it is the contract between those who ask and whoever holds the link; neither belongs into it',
  },
  'packages/database': {
    mayImport: ['domain', 'service-kit'],
    because: 'tables hold the domain; streams and sockets must not depend on how they do it',
  },
  'packages/worker-kit': {
    mayImport: ['database', 'service-kit'],
    because: 'workers and whoever hands jobs out to them share it, whatever the jobs are about',
  },
  'packages/stuck-calls': {
    mayImport: ['database', 'domain', 'pbx-commands', 'service-kit'],
    because: 'worker, command line and API share it, each with its own way to the screens and its own logs',
  },
  'packages/webhooks': {
    mayImport: ['database', 'domain', 'service-kit', 'worker-kit'],
    because: 'worker, command line and API share it, each with its own way to the screens and its own logs',
  },
  'packages/conversations': {
    mayImport: ['database', 'domain', 'service-kit'],
    because: 'push and whoever answers share it, each with its own way to the screens and its own logs',
  },
  'packages/storage': {
    mayImport: ['service-kit'],
    because: 'a file is kept whatever it is about',
  },
  'packages/contacts': {
    mayImport: ['database', 'domain', 'service-kit', 'storage', 'worker-kit'],
    because: 'worker, command line and API share it, each with its own way to the screens and its own logs',
  },
  'packages/recordings': {
    mayImport: ['database', 'domain', 'service-kit', 'storage'],
    because: 'worker, command line and API share it, each with its own way to the screens and its own logs',
  },
  'packages/event-stream': {
    mayImport: ['service-kit'],
    because: "the stream knows no telephony: an entry's payload arrives with its codec",
  },
  'packages/feed': {
    mayImport: ['service-kit'],
    because: 'it is the contract between who commits and who shows; neither belongs into it',
  },
  'packages/ingest': {
    mayImport: ['database', 'domain', 'event-stream', 'feed', 'service-kit'],
    because: 'it joins streams, tables and feeds, and what is done with them beyond that is an app',
  },
  'packages/operations': {
    mayImport: [
      'contacts',
      'database',
      'domain',
      'event-stream',
      'ingest',
      'pbx-commands',
      'recordings',
      'service-kit',
      'stuck-calls',
      'webhooks',
    ],
    because: 'command line and API share it, each with its own words for people',
  },
  'packages/backing-services': {
    mayImport: ['service-kit'],
    because: 'it runs before anything else does',
  },
  'packages/realtime-client': { mayImport: ['realtime-protocol'], because: clientLayer, browserSafe: true },
  'packages/realtime-react': { mayImport: ['realtime-client'], because: clientLayer, browserSafe: true },
  'apps/connector': serverApp,
  'apps/lifecycle-worker': serverApp,
  'apps/cleanup-worker': serverApp,
  'apps/stuck-call-worker': serverApp,
  'apps/webhook-worker': serverApp,
  'apps/import-worker': serverApp,
  'apps/recording-worker': serverApp,
  'apps/push': serverApp,
  'apps/api': serverApp,
  'apps/cli': serverApp,
  'apps/dev-issuer': serverApp,
  'apps/console': {
    mayImport: ['realtime-react', 'realtime-client', 'realtime-protocol'],
    because: clientLayer,
    browserSafe: true,
  },
  'apps/pbx-simulator': {
    mayImport: ['service-kit'],
    because: "a fake that shares the adapter's code shares its mistakes",
  },
  infra: { mayImport: 'any package', because: 'it starts the system and checks it' },
  test: { mayImport: 'any package', because: 'it holds what crosses rooms' },
  root: { mayImport: 'any package', because: 'configuration of the tools' },
};

/** Rooms that only start-up and tests may import, whoever else may import "any package". */
export const startUpOnly: Readonly<Record<string, string>> = {
  'backing-services':
    'production gets its PostgreSQL and Redis by DATABASE_URL and REDIS_URL; only start-up and tests start them',
};

/**
 * Ways out of a room by path that are meant. The bootstrap runs before packages can be found by name, and uses two
 * files that need nothing but Node; the tools' configuration lies at the root.
 */
export const openPaths: readonly { readonly from: RegExp; readonly to: RegExp }[] = [
  { from: /^infra\/bootstrap\//, to: /^packages\/backing-services\/src\/processes\/[\w-]+\.mjs$/ },
  { from: /^[\w.-]+\.config\.ts$/, to: /^infra\// },
  // The reference pages of the manual tell what apps declare, and load nothing else of them.
  {
    from: /^infra\/docs\//,
    to: /^apps\/[\w-]+\/src\/(?:(?:service\/)?[\w-]*settings|describe-commands)\.ts$/,
  },
  // The examples are tested with the client as `npm run sdk` builds it.
  { from: /^test\/realtime\//, to: /^infra\/sdk\/bundle-sdk\.ts$/ },
  // Alerts are held against what real services expose.
  { from: /^test\/observability\//, to: /^infra\/observability\// },
  // What services count is read as alerts read it, and figures are written into a page of the manual.
  {
    from: /^test\/capacity\//,
    to: /^infra\/(?:observability\/promql\/parse-exposition|docs\/markdown)\.ts$/,
  },
  // Manifests are held to what each app reads from its environment, and to how long it takes to stop.
  { from: /^infra\/k8s\/proof\//, to: /^apps\/[\w-]+\/src\/(?:settings|push-tuning)\.ts$/ },
  // The console is tested as `npm start` builds it.
  { from: /^test\/console\//, to: /^infra\/console\/ensure-console\.ts$/ },
  // Services run in tests as `npm start` runs them.
  { from: /^test\/support\//, to: /^infra\/services\/ensure-services\.ts$/ },
];
