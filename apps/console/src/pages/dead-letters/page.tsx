import { useState } from 'react';
import { Loaded } from '../../ops/loaded.tsx';
import { OpsPage, Outcome, Section } from '../../ops/ops-page.tsx';
import { useParam } from '../../ops/use-param.ts';
import { useRefresh } from '../../ops/use-refresh.ts';
import { useMay } from '../../session/session-provider.tsx';
import { Button } from '../../ui/button.tsx';
import { LoadMore } from '../../ui/load-more.tsx';
import { Notice } from '../../ui/notice.tsx';
import { BatchBar } from './batch-bar.tsx';
import type { BatchWish } from './batch.ts';
import { ConfirmWish, type Wish } from './confirm-wish.tsx';
import { lettersCopy as copy } from './copy.ts';
import { Filters } from './filters.tsx';
import { GroupTable } from './group-table.tsx';
import { LetterPanel } from './letter-panel.tsx';
import { LetterTable } from './letter-table.tsx';
import { useBatch, type LetterVerb } from './use-batch.ts';
import { queryOf, useLetterFilter, useLetters } from './use-letters.ts';
import { useSelection } from './use-selection.ts';

/** What nobody could digest: by error first, then one by one; replayed or dropped after a look. */
export function Page() {
  const filter = useLetterFilter();
  const { state, pbx, worker, error, setError } = filter;
  const [open, setOpen] = useParam('letter');
  const { groups, letters, items, total } = useLetters(filter);
  useRefresh(groups.refetch, letters.refetch);
  const mayAct = useMay('ops:write') && state === 'parked';
  const { selected, toggle, all, none } = useSelection(items.map(({ id }) => id));
  const chosen = items.filter(({ id }) => selected.has(id)).map(({ id }) => id);
  const batch = useBatch();
  const [wish, setWish] = useState<Wish | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const ask = (verb: LetterVerb, what: BatchWish) => setWish({ verb, what });
  const askAll = async (verb: LetterVerb) => {
    setProblem(null);
    try {
      ask(verb, chosen.length > 0 ? { ids: chosen } : await batch.freeze(queryOf({ pbx, worker, error })));
    } catch (reason) {
      setProblem((reason as Error).message);
    }
  };
  const isAllMatching = chosen.length === 0;
  const count = isAllMatching ? total : chosen.length;
  const tools = mayAct && items.length > 0 && (
    <>
      <span aria-live="polite">{chosen.length > 0 && copy.selected(chosen.length)}</span>
      <Button look="quiet" onClick={chosen.length > 0 ? none : all}>
        {chosen.length > 0 ? copy.clear : copy.selectAll}
      </Button>
      <Button disabled={batch.isRunning} onClick={() => void askAll('replay')}>
        {copy.replay(count, isAllMatching)}
      </Button>
      <Button disabled={batch.isRunning} onClick={() => void askAll('drop')}>
        {copy.drop(count, isAllMatching)}
      </Button>
    </>
  );
  const isFiltered = state !== 'parked' || pbx !== '' || worker !== '' || error !== '';

  return (
    <OpsPage lead={copy.lead}>
      <Filters filter={filter} workers={groups.data?.items.map(({ group }) => group) ?? []} />
      {batch.progress !== null && (
        <BatchBar
          progress={batch.progress}
          isRunning={batch.isRunning}
          onStop={batch.stop}
          onRetry={(ids) => ask(batch.verb, { ids })}
          onClose={batch.clear}
        />
      )}
      {problem !== null && <Outcome tone="danger">{problem}</Outcome>}
      <Loaded from={letters} what={copy.what}>
        {() =>
          items.length === 0 ? (
            <Notice
              title={isFiltered ? copy.noneMatching : copy.none}
              action={error !== '' && <Button onClick={() => setError('')}>{copy.showAll}</Button>}
            >
              {isFiltered ? copy.noneMatchingLead : copy.noneLead}
            </Notice>
          ) : (
            <>
              <Section
                title={copy.groups}
                tools={error !== '' && <Button onClick={() => setError('')}>{copy.showAll}</Button>}
              >
                <Loaded from={groups} what={copy.groupsWhat} rows={2}>
                  {(known) => <GroupTable groups={known.items} chosen={error} onChoose={setError} />}
                </Loaded>
              </Section>
              <Section title={copy.rows} count={copy.shown(items.length, total)} tools={tools}>
                <LetterTable
                  letters={items}
                  selected={selected}
                  onSelect={mayAct ? toggle : null}
                  onOpen={setOpen}
                />
                <LoadMore from={letters} />
              </Section>
            </>
          )
        }
      </Loaded>
      {open !== '' && (
        <LetterPanel
          id={open}
          letters={items}
          onOpen={setOpen}
          actions={({ id }) =>
            mayAct && (
              <>
                <Button onClick={() => ask('replay', { ids: [id] })}>{copy.replay(1, false)}</Button>
                <Button onClick={() => ask('drop', { ids: [id] })}>{copy.drop(1, false)}</Button>
              </>
            )
          }
        />
      )}
      <ConfirmWish
        wish={wish}
        onCancel={() => setWish(null)}
        onConfirm={({ verb, what }) => {
          setWish(null);
          setOpen('');
          none();
          void batch.run(verb, what);
        }}
      />
    </OpsPage>
  );
}
