import { useState } from 'react';
import type { Sweep } from '../../api/answers.ts';
import { opsCopy } from '../../ops/copy.ts';
import { Loaded } from '../../ops/loaded.tsx';
import { Field, OpsPage, Outcome, Panel, Section, opsStyles } from '../../ops/ops-page.tsx';
import { PbxSelect } from '../../ops/pbx-select.tsx';
import { endable, endAction, endTitle } from '../../ops/sweep-words.ts';
import { TypedConfirm } from '../../ops/typed-confirm.tsx';
import { useParam } from '../../ops/use-param.ts';
import { useRefresh } from '../../ops/use-refresh.ts';
import { useMay } from '../../session/session-provider.tsx';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { stuckCopy as copy } from './copy.ts';
import { RecentSweeps } from './recent-sweeps.tsx';
import { Schedule } from './schedule.tsx';
import { SweepProgress } from './sweep-progress.tsx';
import { SweepResult } from './sweep-result.tsx';
import { realWishOf, useStartSweep, useSweep, wishOf, type SweepWish } from './use-sweep.ts';

/** Look first, then end exactly what was seen, then row by row what became of it. */
export function Page() {
  const mayAct = useMay('ops:write');
  const [id, setId] = useParam('sweep');
  const sweep = useSweep(id);
  useRefresh(() => id !== '' && sweep.refetch());
  const start = useStartSweep();
  const begin = async (wish: SweepWish) => {
    const started = await start.mutateAsync(wish).catch(() => null);
    if (started !== null) setId(started.id);
  };
  return (
    <OpsPage lead={copy.lead}>
      {mayAct ? (
        <Preview isBusy={start.isPending} onStart={begin} />
      ) : (
        <p className={opsStyles.quiet}>{opsCopy.readOnly}</p>
      )}
      {start.isError && (
        <Outcome tone="danger">
          {copy.failedStart} {start.error.message}
        </Outcome>
      )}
      {id !== '' && (
        <Loaded from={sweep} what="the sweep" rows={2}>
          {(known) =>
            known.report === null ? (
              <SweepProgress sweep={known} />
            ) : (
              <SweepResult
                report={known.report}
                tools={
                  <>
                    {mayAct && <EndButton sweep={known} isBusy={start.isPending} onStart={begin} />}
                    <Button look="quiet" onClick={() => setId('')}>
                      {copy.close}
                    </Button>
                  </>
                }
              />
            )
          }
        </Loaded>
      )}
      <Schedule />
      <RecentSweeps />
      {mayAct && <PlainRule isBusy={start.isPending} onStart={begin} />}
    </OpsPage>
  );
}

interface Starting {
  readonly isBusy: boolean;
  readonly onStart: (wish: SweepWish) => Promise<void>;
}

function Preview({ isBusy, onStart }: Starting) {
  const { pbx, setPbx, minutes, setMinutes, extension, setExtension, wish } = useFilter();
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    void onStart({ dryRun: true, verify: true, ...wish });
  };
  return (
    <Section title={copy.preview}>
      <Panel>
        <form className={opsStyles.form} onSubmit={submit}>
          <PbxSelect value={pbx} onChange={setPbx} />
          <Field label={copy.minutes}>
            <input
              type="number"
              min={1}
              max={43_200}
              step={1}
              placeholder={copy.asSet}
              value={minutes}
              onChange={(event) => setMinutes(event.target.value)}
            />
          </Field>
          <Field label={copy.extension}>
            <input
              maxLength={64}
              placeholder={copy.any}
              autoComplete="off"
              value={extension}
              onChange={(event) => setExtension(event.target.value)}
            />
          </Field>
          <Button look="primary" type="submit" isBusy={isBusy}>
            {copy.dryRun}
          </Button>
        </form>
        <p className={opsStyles.quiet}>{copy.dryRunHelp}</p>
      </Panel>
    </Section>
  );
}

/** Which calls are looked at; in the address, so that a link shows a colleague the same. */
function useFilter() {
  const [pbx, setPbx] = useParam('pbx');
  const [minutes, setMinutes] = useParam('minutes');
  const [extension, setExtension] = useParam('extension');
  const limit = Number.parseInt(minutes, 10);
  const wish = wishOf(limit > 0 ? limit : null, pbx, extension.trim());
  return { pbx, setPbx, minutes, setMinutes, extension, setExtension, wish };
}

/** After a preview: ends what it counted. After a run in which some failed: tries those again. */
function EndButton({ sweep, isBusy, onStart }: Starting & { readonly sweep: Sweep }) {
  const [isAsking, setAsking] = useState(false);
  const { report, request } = sweep;
  const failed = report !== null && !report.dryRun ? (report.counts['failed'] ?? 0) : 0;
  const count = endable(report) ?? (failed > 0 ? failed : null);
  if (count === null) return null;
  const end = () => void onStart(realWishOf(sweep)).finally(() => setAsking(false));
  const label = failed > 0 ? copy.tryAgain(failed) : copy.end(endAction(count));
  return (
    <>
      <Button look="danger" onClick={() => setAsking(true)}>
        {label}
      </Button>
      {request.verify ? (
        <Confirm
          isOpen={isAsking}
          title={endTitle(count)}
          action={endAction(count)}
          isBusy={isBusy}
          onConfirm={end}
          onCancel={() => setAsking(false)}
        >
          {copy.endBody(count)}
        </Confirm>
      ) : (
        <TypedConfirm
          isOpen={isAsking}
          title={copy.plainConfirm(count)}
          word={copy.word(count)}
          label={copy.typeThis(copy.word(count))}
          action={endAction(count)}
          isBusy={isBusy}
          onConfirm={end}
          onCancel={() => setAsking(false)}
        >
          <p>{copy.plainConfirmBody}</p>
        </TypedConfirm>
      )}
    </>
  );
}

/** Apart from all else and red: whoever uses it may end calls that are alive. */
function PlainRule({ isBusy, onStart }: Starting) {
  const { wish } = useFilter();
  return (
    <Section title={copy.plainTitle}>
      <Panel>
        <div className={opsStyles.section}>
          <p>{copy.plainBody}</p>
          <div>
            <Button isBusy={isBusy} onClick={() => void onStart({ dryRun: true, verify: false, ...wish })}>
              {copy.plainButton}
            </Button>
          </div>
        </div>
      </Panel>
    </Section>
  );
}
