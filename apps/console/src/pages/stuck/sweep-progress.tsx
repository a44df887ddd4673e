import { useEffect, useState } from 'react';
import type { Sweep } from '../../api/answers.ts';
import { Outcome, Panel, opsStyles } from '../../ops/ops-page.tsx';
import { stuckCopy } from './copy.ts';

const copy = stuckCopy.progress;
/** After so long without a worker a person should know why nothing happens. */
const patienceMs = 15_000;

export function SweepProgress({ sweep }: { readonly sweep: Sweep }) {
  const { stage, batches, batchesDone, problem } = sweep;
  const isLong = useLong(stage === 'waiting');
  if (stage === 'failed') {
    return (
      <Outcome tone="danger">
        {copy.failed} {problem}
      </Outcome>
    );
  }
  const text =
    stage === 'waiting'
      ? copy.waiting
      : stage === 'planning'
        ? copy.planning
        : copy.sweeping(batchesDone, batches);
  const value = stage === 'sweeping' && batches > 0 ? { value: batchesDone, max: batches } : {};
  return (
    <Panel>
      <div className={opsStyles.section}>
        <p role="status">{text}</p>
        <progress aria-label={copy.label} {...value} />
        {isLong && <Outcome tone="danger">{stuckCopy.noWorker}</Outcome>}
      </div>
    </Panel>
  );
}

function useLong(isWaiting: boolean): boolean {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    if (!isWaiting) return undefined;
    const timer = setTimeout(() => setLong(true), patienceMs);
    return () => {
      clearTimeout(timer);
      setLong(false);
    };
  }, [isWaiting]);
  return isLong;
}
