import type { PushNode } from '../../api/answers.ts';
import { Loaded } from '../../ops/loaded.tsx';
import { Section, opsStyles } from '../../ops/ops-page.tsx';
import { Table, type Column } from '../../ops/table.tsx';
import { usePushNodes } from '../../ops/use-system.ts';
import { Moment } from '../../ui/moment.tsx';
import { deliveryCopy } from './copy.ts';

const copy = deliveryCopy.nodes;
const number = (count: number): string => count.toLocaleString('en');
const ms = (value: number | null): string =>
  value === null ? '—' : `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;

const columns: readonly Column<PushNode>[] = [
  { title: copy.name, isPlain: true, cell: ({ name }) => name },
  { title: copy.up, isExtra: true, cell: ({ startedAt }) => <Moment at={startedAt} as="elapsed" /> },
  { title: copy.connections, align: 'end', cell: ({ connections }) => number(connections) },
  { title: copy.topics, align: 'end', isExtra: true, cell: ({ topics }) => number(topics) },
  { title: copy.p50, align: 'end', isExtra: true, cell: ({ deliveryP50Ms }) => ms(deliveryP50Ms) },
  { title: copy.p99, align: 'end', cell: ({ deliveryP99Ms }) => ms(deliveryP99Ms) },
  {
    title: copy.buffered,
    align: 'end',
    isExtra: true,
    cell: ({ bufferedBytes }) => `${number(Math.round(bufferedBytes / 1_024))} KiB`,
  },
  { title: copy.resumes, align: 'end', isExtra: true, cell: ({ resumes }) => number(resumes) },
  { title: copy.resets, align: 'end', cell: ({ resets }) => number(resets) },
  { title: copy.slow, align: 'end', cell: ({ slow }) => number(slow) },
  { title: copy.loop, align: 'end', isExtra: true, cell: ({ loopDelayMs }) => ms(loopDelayMs) },
];

/** The nodes that serve all screens, for whoever may see the installation as a whole. */
export function PushNodes() {
  const { isWanted, nodes } = usePushNodes();
  if (!isWanted) return null;
  return (
    <Section title={copy.title}>
      <Loaded from={nodes} what={copy.what} rows={1}>
        {({ items }) =>
          items.length === 0 ? (
            <p className={opsStyles.quiet}>{copy.none}</p>
          ) : (
            <Table label={copy.title} columns={columns} rows={items} keyOf={({ id }) => id} />
          )
        }
      </Loaded>
    </Section>
  );
}
