import { code, generatedNote, prose, table } from './markdown.ts';
import { apps, developmentApps, settingsOfApps, type App, type SettingOfApps } from './settings-of-apps.ts';

interface Section {
  readonly title: string;
  readonly about?: string;
  /** What the variables of the section begin with; the first section that fits takes a variable. */
  readonly prefixes: readonly string[];
}

/** In the order in which somebody who sets up an installation needs them. */
const sections: readonly Section[] = [
  {
    title: 'Stores',
    prefixes: ['DATABASE_URL', 'REDIS_URL', 'REDIS_PREFIX', 'STREAM_SHARDS'],
  },
  {
    title: 'Every service',
    prefixes: ['LOG_', 'OPERATIONS_', 'TRACING_', 'STOP_'],
  },
  {
    title: 'Logging in to PBXs',
    about:
      'User and secret of a credential are found by its name, at each attempt anew: in `TRUNKLINE_PBX_<NAME>_USERNAME` and ' +
      '`TRUNKLINE_PBX_<NAME>_SECRET` (the name in capitals, dashes as underscores), or in the folder below. ' +
      'How to add a PBX stands in the pages of [Yeastar](../pbx/yeastar.md), [ARI](../pbx/asterisk-ari.md) and [AMI](../pbx/asterisk-ami.md).',
    prefixes: ['EGRESS', 'CREDENTIALS_DIR', 'CHECK_WITHIN', 'CREDENTIAL_FAILURES'],
  },
  { title: 'The link to a PBX', prefixes: ['LINK_', 'SNAPSHOT_'] },
  {
    title: 'How long is waited before a PBX is tried again',
    prefixes: ['RETRY_', 'BLOCK_'],
  },
  { title: 'Sharing PBXs between connectors', prefixes: ['LEASE_'] },
  { title: 'Cleaning up after a lost link', prefixes: ['CLEANUP_'] },
  { title: 'Stuck calls', prefixes: ['STUCK_CALLS_', 'DOUBLE_BOOKING_'] },
  { title: 'Streams, feed and outbox', prefixes: ['FEED_', 'TRIM_', 'STREAM_ENTRIES', 'RELAY_'] },
  {
    title: 'What is forgotten, and when',
    prefixes: ['FLOORS_', 'PROGRESS_', 'RECORDS_', 'AUDIT_', 'OPERATOR_ACTIONS_'],
  },
  {
    title: 'Tokens: who may come in',
    about:
      'Alike for the API and push. Scopes and roles stand in [packages/access](../../packages/access/README.md).',
    prefixes: ['TOKEN_'],
  },
  { title: 'The API', prefixes: ['API_'] },
  { title: 'The console', prefixes: ['CONSOLE_'] },
  { title: 'Push', prefixes: ['PUSH_'] },
  { title: 'Webhooks', prefixes: ['WEBHOOK_'] },
  { title: 'Files, and the import of contacts', prefixes: ['STORAGE_', 'IMPORT_'] },
  { title: 'Recordings', prefixes: ['RECORDING_'] },
  { title: 'The simulated PBX', about: 'For development.', prefixes: ['SIMULATOR_'] },
  { title: 'The identity provider for development', prefixes: ['DEV_ISSUER_'] },
];

const head = `${generatedNote('the settings that each app declares')}

# Configuration

Every variable that a service reads from its environment when it starts. A service that finds one it can’t use does not start, and
says which, why, and an example; one that it does not know is reported with the nearest name that it knows. A variable that is set to nothing counts as not
set. A secret may come from a file: \`<NAME>_FILE\` holds its path then, as Docker and Kubernetes mount secrets. Durations are written with
their unit: \`250ms\`, \`5s\`, \`10m\`, \`2h\`, \`30d\`.

A variable without a default must be set unless it says _optional_. No service needs more than a few: the stores, and for the API and
push \`TRUNKLINE_TOKEN_ISSUER\`; the webhook-worker does not start without \`TRUNKLINE_WEBHOOK_KEY\`.`;

const launcher = `## \`npm start\`, \`npm test\` and building

These are no services, and read three variables of their own beside \`DATABASE_URL\` and \`REDIS_URL\`, which make them use servers of yours.

${table(
  ['variable', 'what it does'],
  [
    ['`TRUNKLINE_BACKING`', 'with `containers`, PostgreSQL and Redis run in containers'],
    [
      '`TRUNKLINE_CONSOLE_API`',
      'where the development server of the console finds the API; `http://127.0.0.1:8080` unless set',
    ],
    [
      '`TRUNKLINE_ENV`',
      'with `production`, as with `NODE_ENV`, the identity provider for development does not start',
    ],
  ],
)}`;

/** docs/reference/configuration.md. */
export function configurationPage(): string {
  const settings = settingsOfApps();
  const taken = sections.map((section) => [section, settings.filter(belongsTo(section))] as const);
  const rest = settings.filter((setting) => !sections.some((section) => belongsTo(section)(setting)));
  if (rest.length > 0)
    throw new Error(
      `No section of the configuration page takes ${rest.map((one) => one.variable).join(', ')}.`,
    );
  return `${[head, ...taken.map(([section, own]) => showSection(section, own)), launcher].join('\n\n')}\n`;
}

const belongsTo =
  (section: Section) =>
  ({ variable }: SettingOfApps): boolean =>
    sectionOf(variable) === section;

function sectionOf(variable: string): Section | undefined {
  const name = variable.replace(/^TRUNKLINE_/, '');
  return sections.find(({ prefixes }) => prefixes.some((prefix) => name.startsWith(prefix)));
}

function showSection({ title, about }: Section, settings: readonly SettingOfApps[]): string {
  const readers = new Set(settings.map((setting) => readBy(setting.apps)));
  const [same = ''] = readers;
  const isSame = readers.size === 1;
  const columns = ['variable', 'takes', 'default', 'what it does', ...(isSame ? [] : ['read by'])];
  const rows = settings.map((setting) => [...rowOf(setting), ...(isSame ? [] : [readBy(setting.apps)])]);
  const text = [about, isSame ? `Read by ${same}.` : undefined]
    .filter((part) => part !== undefined)
    .join(' ');
  return [`## ${title}`, ...(text === '' ? [] : [text]), table(columns, rows)].join('\n\n');
}

function rowOf({
  variable,
  fileVariable,
  takes = '',
  explain,
  ...setting
}: SettingOfApps): readonly string[] {
  const why = setting.default === undefined ? '' : ` Its default: ${setting.default.because}.`;
  const file =
    fileVariable === undefined ? '' : ` A secret: also from the file that ${code(fileVariable)} names.`;
  return [
    code(variable),
    // How durations are written stands at the head of the page.
    prose(takes.replace(/such as 250ms.*?, from/, 'from')),
    setting.default === undefined
      ? setting.required
        ? ''
        : '_optional_'
      : code(shortened(setting.default.value)),
    prose(`${explain}${why}${file}`),
  ];
}

/** A default that is a place in this checkout is told from its root. */
const shortened = (value: string): string => value.replace(/^.*\/(?=apps\/console\/dist$)/, '');

const services = apps.filter((app) => app !== 'cli');
const production = services.filter((app) => !developmentApps.includes(app));

function readBy(readers: readonly App[]): string {
  const isAll = (list: readonly App[]): boolean =>
    list.length === readers.length && list.every((app) => readers.includes(app));
  if (isAll(services)) return 'every service';
  if (isAll(production)) return 'every service of production';
  if (isAll([...production, 'cli'])) return 'every service of production, cli';
  return readers.join(', ');
}
