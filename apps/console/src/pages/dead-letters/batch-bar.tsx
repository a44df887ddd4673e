import { Outcome, Panel, opsStyles } from '../../ops/ops-page.tsx';
import { Button } from '../../ui/button.tsx';
import type { BatchProgress } from './batch.ts';
import { lettersCopy as copy } from './copy.ts';

const shownMax = 20;

interface BatchBarProps {
  readonly progress: BatchProgress;
  readonly isRunning: boolean;
  readonly onStop: () => void;
  readonly onRetry: (ids: readonly string[]) => void;
  readonly onClose: () => void;
}

/** How far it is, and afterwards what failed and why. */
export function BatchBar({ progress, isRunning, onStop, onRetry, onClose }: BatchBarProps) {
  const { all, done, failures, problem } = progress;
  return (
    <Panel>
      <div className={opsStyles.section}>
        <Outcome tone={failures.length > 0 || problem !== null ? 'danger' : isRunning ? 'plain' : 'ok'}>
          {copy.progress(done, failures.length, all)}
        </Outcome>
        {problem !== null && <Outcome tone="danger">{problem}</Outcome>}
        <progress
          aria-label={copy.progress(done, failures.length, all)}
          value={done + failures.length}
          max={all}
        />
        {failures.length > 0 && (
          <ul aria-label={copy.failures}>
            {failures.slice(0, shownMax).map(({ id, why }) => (
              <li key={id}>
                <code>{id.slice(0, 8)}</code> {why}
              </li>
            ))}
          </ul>
        )}
        <div className={opsStyles.row}>
          {isRunning ? (
            <Button onClick={onStop}>{copy.stop}</Button>
          ) : (
            <>
              {failures.length > 0 && (
                <Button onClick={() => onRetry(failures.map(({ id }) => id))}>
                  {copy.tryThose(failures.length)}
                </Button>
              )}
              <Button look="quiet" onClick={onClose}>
                {copy.close}
              </Button>
            </>
          )}
        </div>
      </div>
    </Panel>
  );
}
