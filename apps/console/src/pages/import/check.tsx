import { useState } from 'react';
import type { ContactImport, ImportPreview, MergePolicy } from '../../api/answers.ts';
import { useAction } from '../../api/use-action.ts';
import { useResource } from '../../api/use-api.ts';
import { nameOf } from '../../contacts/written-card.ts';
import { importsCopy } from '../../imports/copy.ts';
import { Loaded } from '../../ops/loaded.tsx';
import { Field, Outcome, Section, opsStyles } from '../../ops/ops-page.tsx';
import { Table, type Column } from '../../ops/table.tsx';
import { Button } from '../../ui/button.tsx';
import { Columns } from './columns.tsx';

const copy = importsCopy.check;
const policies = ['fill', 'update', 'skip'] as const;

interface Wishes {
  readonly hasHeader?: boolean;
  readonly columns?: readonly string[];
}

/** What the file seems to be, to be corrected, and what its first rows would become. */
export function Check({
  known,
  onStarted,
}: {
  readonly known: ContactImport;
  readonly onStarted: () => void;
}) {
  const [wishes, setWishes] = useState<Wishes>({});
  const preview = useResource<ImportPreview>(`/v1/imports/${known.id}/preview`, { query: { ...wishes } });
  return (
    <Section title={known.fileName}>
      <Loaded from={preview} what={importsCopy.preview}>
        {(found) => (
          <>
            <h3>{copy.title}</h3>
            <p className={opsStyles.quiet}>
              {copy.read(found.encoding, copy.delimiters[found.delimiter] ?? found.delimiter, found.country)}
            </p>
            <label className={opsStyles.row}>
              <input
                type="checkbox"
                checked={found.hasHeader}
                onChange={({ target }) => setWishes({ hasHeader: target.checked })}
              />
              {copy.header}
            </label>
            <Columns
              columns={found.columns}
              onChange={(columns) => setWishes({ hasHeader: found.hasHeader, columns })}
            />
            <Table label={copy.become} columns={becomes} rows={found.rows} keyOf={({ row }) => String(row)} />
            <Start known={known} wishes={wishes} onStarted={onStarted} />
          </>
        )}
      </Loaded>
    </Section>
  );
}

interface StartProps {
  readonly known: ContactImport;
  readonly wishes: Wishes;
  readonly onStarted: () => void;
}

function Start({ known, wishes, onStarted }: StartProps) {
  const [policy, setPolicy] = useState<MergePolicy>('fill');
  const [dryRun, setDryRun] = useState(false);
  const start = useAction(
    (api) =>
      api.ask(`/v1/imports/${known.id}/start`, { method: 'POST', body: { ...wishes, policy, dryRun } }),
    ['/v1/imports'],
  );
  return (
    <div className={opsStyles.form}>
      <Field label={copy.policy}>
        <select value={policy} onChange={({ target }) => setPolicy(target.value as MergePolicy)}>
          {policies.map((each) => (
            <option key={each} value={each}>
              {copy.policies[each]}
            </option>
          ))}
        </select>
      </Field>
      <label className={opsStyles.row}>
        <input type="checkbox" checked={dryRun} onChange={({ target }) => setDryRun(target.checked)} />
        {copy.dryRun}
      </label>
      <Button
        look="primary"
        isBusy={start.isPending}
        onClick={() => start.mutate(undefined, { onSuccess: onStarted })}
      >
        {dryRun ? copy.startDry : copy.start}
      </Button>
      {start.error !== null && <Outcome tone="danger">{start.error.message}</Outcome>}
    </div>
  );
}

const becomes: readonly Column<ImportPreview['rows'][number]>[] = [
  { title: copy.row, align: 'end', cell: ({ row }) => row },
  { title: copy.card, wraps: true, cell: ({ card }) => (card === null ? '—' : cardText(card)) },
  { title: copy.refused, wraps: true, cell: ({ problems }) => problems.join('; ') },
];

const cardText = (card: NonNullable<ImportPreview['rows'][number]['card']>): string =>
  [nameOf(card), card.company, ...card.numbers.map(({ number }) => number), card.email, ...card.tags]
    .filter((text, index, all) => text !== null && all.indexOf(text) === index)
    .join(' · ');
