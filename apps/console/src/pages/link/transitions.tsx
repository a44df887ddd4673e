import type { LinkTransition } from '../../api/answers.ts';
import { usePages } from '../../api/use-api.ts';
import { linkStateText } from '../../links/link-words.ts';
import { Loaded } from '../../ops/loaded.tsx';
import { Section, opsStyles } from '../../ops/ops-page.tsx';
import { Table, type Column } from '../../ops/table.tsx';
import { LoadMore } from '../../ui/load-more.tsx';
import { Moment } from '../../ui/moment.tsx';
import { linkPageCopy as copy } from './copy.ts';

const pageSize = 20;
const askMs = 5_000;

const columns: readonly Column<LinkTransition>[] = [
  { title: copy.logColumns.at, isPlain: true, cell: ({ at }) => <Moment at={at} /> },
  {
    title: copy.logColumns.change,
    isPlain: true,
    cell: ({ was, state }) => `${linkStateText(was)} → ${linkStateText(state)}`,
  },
  {
    title: copy.logColumns.reason,
    isPlain: true,
    wraps: true,
    cell: ({ reason, alarm }) => reason ?? alarm ?? '',
  },
  { title: copy.logColumns.epoch, align: 'end', isExtra: true, cell: ({ epoch }) => epoch },
  { title: copy.logColumns.holder, isExtra: true, cell: ({ holder }) => holder },
];

export const useTransitions = (pbx: string) =>
  usePages<LinkTransition>(`/v1/pbxs/${pbx}/transitions`, { query: { limit: pageSize }, everyMs: askMs });

/** How the link came to stand as it does. */
export function Transitions({ pbx }: { readonly pbx: string }) {
  const steps = useTransitions(pbx);
  return (
    <Section title={copy.log}>
      <Loaded from={steps} what={copy.logWhat}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <p className={opsStyles.quiet}>{copy.logEmpty}</p>;
          return (
            <>
              <Table
                label={copy.log}
                columns={columns}
                rows={items}
                keyOf={({ at, was, state, epoch }) => `${at} ${was} ${state} ${epoch}`}
              />
              <LoadMore from={steps} />
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}
