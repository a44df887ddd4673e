import {
  callStatuses,
  eventCatalogue,
  eventSchemas,
  extensionStatuses,
  ownCauses,
  partsOfEvents,
  saidCauses,
} from '@trunkline/domain';
import { dataTypes, endings, topicKinds, type DataType, type TopicKind } from '@trunkline/realtime-protocol';
import {
  downAbout,
  downSchemas,
  problemsAbout,
  rowsAbout,
  rowSchemas,
  topicsAbout,
  upAbout,
  upSchemas,
} from '@trunkline/realtime-protocol/schemas';
import { fieldsOf, listed } from './describe-schema.ts';
import { code, generatedNote, prose, table } from './markdown.ts';

type Notes = Readonly<Record<string, string>>;

interface Entry {
  readonly name: string;
  readonly says: string;
  readonly fields: Notes;
  readonly schema: unknown;
}

const head = `${generatedNote('the schemas of packages/domain and packages/realtime-protocol')}

# Events and messages

What goes through Redis Streams, and what reaches screens, as the schemas say that read it.

- [Lifecycle events](#lifecycle-events): what connectors publish, and what the audit trail of calls and dead letters keep word for word;
- [topics](#topics) and [rows](#rows): what push tells of committed changes, which [webhooks](../../packages/webhooks/README.md) post as well;
- [what a client says](#what-a-client-says) and [what a server says](#what-a-server-says): all other messages of push, whose rules stand in
  [PROTOCOL.md](../../packages/realtime-protocol/PROTOCOL.md);
- [problems](#problems) and [causes](#why-calls-end).`;

const envelope = `## Lifecycle events

An entry of the stream \`<prefix>:events:{<shard>}\` names its \`source\` (the id of the PBX), \`epoch\` and \`seq\` (the place among
everything that was said of the PBX), and its \`type\`. Epoch and sequence make the version, by which events merge in any order
([SPEC.md](../../packages/domain/SPEC.md)). The payload is JSON:`;

/** docs/reference/events.md. */
export function eventsPage(): string {
  return `${[
    head,
    envelope,
    ...eventEntries().map(showEntry),
    partsText(),
    topicsText(),
    rowsIntro,
    ...grouped(entriesOf(rowsAbout, rowSchemas)).map(showEntry),
    '## What a client says',
    ...entriesOf(upAbout, upSchemas).map(showEntry),
    '## What a server says',
    'And rows, as above: `{type, topic, offset, more?, rows}`, where `type` is what the rows are.',
    ...entriesOf(downAbout, downSchemas).map((entry) =>
      showEntry({ ...entry, name: `${entry.name} (server)` }),
    ),
    problemsText(),
    causesText(),
  ].join('\n\n')}\n`;
}

const eventEntries = (): Entry[] => grouped(entriesOf(eventCatalogue, eventSchemas));

function entriesOf(
  about: Readonly<Record<string, Pick<Entry, 'says' | 'fields'>>>,
  schemas: Readonly<Record<string, unknown>>,
): Entry[] {
  return Object.entries(about).map(([name, entry]) => ({ name, ...entry, schema: schemas[name] }));
}

/** Types with the same fields share a table. */
function grouped(entries: readonly Entry[]): Entry[] {
  const byFields = Map.groupBy(entries, ({ fields }) => fields);
  return [...byFields.values()].flatMap(([first, ...others]) => {
    if (first === undefined || others.length === 0) return first ?? [];
    const all = [first, ...others];
    const says = all.map((entry) => `${code(entry.name)}: ${entry.says}`).join('\n');
    return { ...first, name: all.map(({ name }) => name).join(', '), says };
  });
}

function showEntry({ name, says, fields, schema }: Entry): string {
  const rows = fieldsOf(schema).filter(({ name: field }) => field !== 'type');
  const told = rows.map(({ name: field, takes, needed, default: byDefault }) => [
    code(field),
    shortTakes.get(takes) ?? takes,
    needed ? 'always' : byDefault === undefined ? '' : `${byDefault} unless given`,
    prose(noteOf(name, field, fields)),
  ]);
  return [
    `### ${name}`,
    ...(says.split('\n').length > 1
      ? [
          says
            .split('\n')
            .map((line) => `- ${prose(line)}`)
            .join('\n'),
        ]
      : [prose(says)]),
    ...(told.length === 0 ? [] : [table(['field', 'takes', 'given', 'meaning'], told)]),
  ].join('\n\n');
}

/** What is listed at the end of the page need not stand in every table. */
const shortTakes: ReadonlyMap<string, string> = new Map([
  [listed(saidCauses.map(code)), 'one of the [causes](#why-calls-end) that PBXs say'],
  [listed(Object.keys(endings).map(code)), 'one of the [problems](#problems)'],
  [
    `\`{${Object.keys(rowSchemas)
      .map((type) => `${type}?`)
      .join(', ')}}\``,
    'lists of [rows](#rows), by their type',
  ],
]);

function noteOf(name: string, field: string, fields: Notes): string {
  const note = fields[field];
  if (note === undefined) throw new Error(`The field ${field} of ${name} has no word in its catalogue.`);
  return note;
}

function partsText(): string {
  const parts = Object.entries(partsOfEvents).flatMap(([part, fields]) =>
    Object.entries(fields).map(([field, note]) => [code(part), code(field), prose(note)]),
  );
  return `### Parts\n\n\`caller\` and \`callee\` are parties.\n\n${table(['part', 'field', 'meaning'], parts)}

A call is ${callStatuses.map(code).join(', ')}; a phone is ${extensionStatuses.map(code).join(', ')}.`;
}

function topicsText(): string {
  const kinds = Object.keys(topicKinds) as TopicKind[];
  const rows = kinds.map((kind) => {
    const { holds, scope, keyed, staleMs } = topicKinds[kind];
    const key = { never: '', 'may be': '[:key]', always: ':key' }[keyed];
    const types = (Object.keys(dataTypes) as DataType[]).filter((type) => dataTypes[type].topic === kind);
    return [
      code(`${kind}${key}`),
      prose(topicsAbout[kind]),
      holds,
      scope,
      `${staleMs / 1000} s`,
      types.map(code).join(', '),
    ];
  });
  return `## Topics

A topic of state tells how things stand: of each thing the newest row counts. A topic of events tells what happened, each once and in order. \`self\`: only
the user whom the key names.

${table(['topic', 'what it tells', 'holds', 'scope', 'stale after', 'rows'], rows)}`;
}

const rowsIntro = `## Rows

Whole rows, as they were committed; they may have more fields than are named here. Of a thing told twice the row with the highest
\`revision\` counts, or the highest \`version\`.`;

function problemsText(): string {
  const rows = Object.entries(endings).map(([kind, { code: closes, remedy }]) => [
    code(kind),
    closes === null ? '' : String(closes),
    remedy,
    prose(problemsAbout[kind as keyof typeof problemsAbout]),
  ]);
  return `## Problems

The kinds of an \`error\`. One with a code closes the socket. What each remedy asks of a client stands in
[section 8](../../packages/realtime-protocol/PROTOCOL.md#8-endings).

${table(['kind', 'code', 'remedy', 'when'], rows)}`;
}

function causesText(): string {
  return `## Why calls end

What PBXs say, in one vocabulary: ${saidCauses.map(code).join(', ')}.

What only we say: ${ownCauses.map(code).join(', ')}.`;
}
