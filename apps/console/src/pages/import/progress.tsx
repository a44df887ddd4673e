import { useState } from 'react';
import type { ContactImport } from '../../api/answers.ts';
import { useAction } from '../../api/use-action.ts';
import { importsCopy } from '../../imports/copy.ts';
import { progressOf, roughTime } from '../../imports/progress-of.ts';
import { Outcome, Panel, Section, opsStyles } from '../../ops/ops-page.tsx';
import { useMay } from '../../session/session-provider.tsx';
import { serverClock } from '../../time/server-clock.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { Counts } from './counts.tsx';

const copy = importsCopy.progress;

export function Progress({
  known,
  onCancelled,
}: {
  readonly known: ContactImport;
  readonly onCancelled: () => void;
}) {
  const { share, rowsPerSecond, secondsLeft } = progressOf(known, serverClock.now());
  const rate = [
    rowsPerSecond === null ? null : copy.rate(Math.round(rowsPerSecond).toLocaleString('en')),
    secondsLeft === null ? null : copy.left(roughTime(secondsLeft)),
  ].filter((text) => text !== null);
  return (
    <Section
      title={known.fileName}
      count={importsCopy.states[known.state]}
      tools={<Cancel known={known} onCancelled={onCancelled} />}
    >
      <Panel>
        <div className={opsStyles.section}>
          <label>
            <span className={opsStyles.quiet}>
              {copy.bar}: {Math.floor(share * 100)} %
            </span>
            <progress value={share} max={1} />
          </label>
          <p className={opsStyles.quiet}>{known.state === 'waiting' ? copy.waits : rate.join(', ')}</p>
          <Counts known={known} />
          {known.cancelWanted && <Outcome tone="plain">{copy.cancelling}</Outcome>}
        </div>
      </Panel>
    </Section>
  );
}

function Cancel({ known, onCancelled }: { readonly known: ContactImport; readonly onCancelled: () => void }) {
  const mayWrite = useMay('contacts:write');
  const [isAsking, setAsking] = useState(false);
  const cancel = useAction(
    (api) => api.ask(`/v1/imports/${known.id}/cancel`, { method: 'POST' }),
    ['/v1/imports'],
  );
  if (!mayWrite || known.cancelWanted) return null;
  const done = () => {
    setAsking(false);
    onCancelled();
  };
  return (
    <>
      <Button onClick={() => setAsking(true)}>{copy.cancel}</Button>
      <Confirm
        isOpen={isAsking}
        title={copy.cancelTitle}
        action={copy.cancelAction}
        isBusy={cancel.isPending}
        onCancel={() => setAsking(false)}
        onConfirm={() => cancel.mutate(undefined, { onSuccess: done })}
      >
        <p>{copy.cancelBody}</p>
        {cancel.error !== null && <Outcome tone="danger">{cancel.error.message}</Outcome>}
      </Confirm>
    </>
  );
}
