import { useState } from 'react';
import { opsCopy } from '../../ops/copy.ts';
import { Loaded } from '../../ops/loaded.tsx';
import { Field, OpsPage, Section, opsStyles } from '../../ops/ops-page.tsx';
import { PbxSelect } from '../../ops/pbx-select.tsx';
import { useParam } from '../../ops/use-param.ts';
import { useRefresh } from '../../ops/use-refresh.ts';
import { useMay } from '../../session/session-provider.tsx';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { Notice } from '../../ui/notice.tsx';
import { BatchBar } from './batch-bar.tsx';
import { lettersCopy as copy } from './copy.ts';
import { errorKey, groupLetters } from './group-letters.ts';
import { GroupTable } from './group-table.tsx';
import { LetterPanel } from './letter-panel.tsx';
import { LetterTable } from './letter-table.tsx';
import { useBatch, type LetterVerb } from './use-batch.ts';
import { useLetters } from './use-letters.ts';
import { useSelection } from './use-selection.ts';

/** As many rows as a browser takes easily; the count is always of all. */
const rowsMax = 200;

interface Wish {
  readonly verb: LetterVerb;
  /** Frozen: what arrives while the person thinks is not among them. */
  readonly ids: readonly string[];
}

/** What nobody could digest: by error first, then one by one; replayed or dropped after a look. */
export function Page() {
  const [state, setState] = useParam('state');
  const [pbx, setPbx] = useParam('pbx');
  const [worker, setWorker] = useParam('worker');
  const [error, setError] = useParam('error');
  const [open, setOpen] = useParam('letter');
  const wantedState = state === '' ? 'parked' : state;
  const { asked, letters, isAll } = useLetters(wantedState, pbx);
  useRefresh(asked.refetch);
  const mayAct = useMay('ops:write') && wantedState === 'parked';
  const ofWorker = letters.filter(({ group }) => worker === '' || group === worker);
  const matching = ofWorker.filter((letter) => error === '' || errorKey(letter.error) === error);
  const { selected, toggle, all, none } = useSelection(matching.map(({ id }) => id));
  const chosen = matching.filter(({ id }) => selected.has(id));
  const batch = useBatch();
  const [wish, setWish] = useState<Wish | null>(null);
  const target = chosen.length > 0 ? chosen : matching;
  const ask = (verb: LetterVerb, ids = target.map(({ id }) => id)) => setWish({ verb, ids });
  const isAllMatching = chosen.length === 0;

  return (
    <OpsPage lead={copy.lead}>
      <div className={opsStyles.row}>
        <Field label={copy.state}>
          <select
            value={wantedState}
            onChange={({ target: { value } }) => setState(value === 'parked' ? '' : value)}
          >
            {Object.entries(copy.states).map(([name, label]) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </select>
        </Field>
        <PbxSelect value={pbx} onChange={setPbx} />
        <Field label={copy.worker}>
          <select value={worker} onChange={(event) => setWorker(event.target.value)}>
            <option value="">{opsCopy.all}</option>
            {[...new Set([...letters.map(({ group }) => group), ...(worker === '' ? [] : [worker])])].map(
              (name) => (
                <option key={name}>{name}</option>
              ),
            )}
          </select>
        </Field>
      </div>
      {batch.progress !== null && (
        <BatchBar
          progress={batch.progress}
          isRunning={batch.isRunning}
          onStop={batch.stop}
          onRetry={(ids) => setWish({ verb: batch.verb, ids })}
          onClose={batch.clear}
        />
      )}
      <Loaded from={asked} what={copy.what}>
        {() => {
          if (letters.length === 0) {
            const isPlain = wantedState === 'parked' && pbx === '';
            return (
              <Notice title={isPlain ? copy.none : copy.noneMatching}>
                {isPlain ? copy.noneLead : copy.noneMatchingLead}
              </Notice>
            );
          }
          return (
            <>
              <Section
                title={copy.groups}
                tools={error !== '' && <Button onClick={() => setError('')}>{copy.showAll}</Button>}
              >
                <GroupTable groups={groupLetters(ofWorker)} chosen={error} onChoose={setError} />
              </Section>
              <Section
                title={copy.rows}
                count={copy.shown(matching.length, isAll)}
                tools={
                  mayAct &&
                  matching.length > 0 && (
                    <>
                      <span aria-live="polite">{chosen.length > 0 && copy.selected(chosen.length)}</span>
                      <Button look="quiet" onClick={chosen.length > 0 ? none : all}>
                        {chosen.length > 0 ? copy.clear : copy.selectAll}
                      </Button>
                      <Button disabled={batch.isRunning} onClick={() => ask('replay')}>
                        {copy.replay(target.length, isAllMatching)}
                      </Button>
                      <Button disabled={batch.isRunning} onClick={() => ask('drop')}>
                        {copy.drop(target.length, isAllMatching)}
                      </Button>
                    </>
                  )
                }
              >
                <LetterTable
                  letters={matching.slice(0, rowsMax)}
                  selected={selected}
                  onSelect={mayAct ? toggle : null}
                  onOpen={setOpen}
                />
              </Section>
            </>
          );
        }}
      </Loaded>
      {open !== '' && (
        <LetterPanel
          id={open}
          letters={letters}
          onOpen={setOpen}
          actions={({ id }) =>
            mayAct && (
              <>
                <Button onClick={() => ask('replay', [id])}>{copy.replay(1, false)}</Button>
                <Button onClick={() => ask('drop', [id])}>{copy.drop(1, false)}</Button>
              </>
            )
          }
        />
      )}
      <ConfirmWish
        wish={wish}
        onCancel={() => setWish(null)}
        onConfirm={({ verb, ids }) => {
          setWish(null);
          setOpen('');
          none();
          void batch.run(verb, ids);
        }}
      />
    </OpsPage>
  );
}

interface ConfirmWishProps {
  readonly wish: Wish | null;
  readonly onConfirm: (wish: Wish) => void;
  readonly onCancel: () => void;
}

function ConfirmWish({ wish, onConfirm, onCancel }: ConfirmWishProps) {
  const count = wish?.ids.length ?? 0;
  const isReplay = wish?.verb === 'replay';
  return (
    <Confirm
      isOpen={wish !== null}
      title={isReplay ? copy.replayTitle(count) : copy.dropTitle(count)}
      action={isReplay ? copy.replayAction(count) : copy.dropAction(count)}
      look={isReplay ? 'primary' : 'danger'}
      onCancel={onCancel}
      onConfirm={() => wish !== null && onConfirm(wish)}
    >
      <p>{isReplay ? copy.replayBody : copy.dropBody}</p>
      {count > 1 && <p>{copy.frozen}</p>}
    </Confirm>
  );
}
