import type { DeadLetter, DeadLetterDetail } from '../../api/answers.ts';
import { useResource } from '../../api/use-api.ts';
import { Payload } from '../../ops/json-tree.tsx';
import { Loaded } from '../../ops/loaded.tsx';
import { Facts, Section, opsStyles } from '../../ops/ops-page.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Moment } from '../../ui/moment.tsx';
import { CopyText } from '../../ui/notice.tsx';
import { lettersCopy as copy } from './copy.ts';
import { neighboursOf } from './neighbours.ts';

interface LetterPanelProps {
  readonly id: string;
  readonly letters: readonly DeadLetter[];
  readonly onOpen: (id: string) => void;
  readonly actions: (letter: DeadLetter) => React.ReactNode;
}

/** One letter: why, what it was, and what came before and after it. */
export function LetterPanel({ id, letters, onOpen, actions }: LetterPanelProps) {
  const asked = useResource<DeadLetterDetail>(`/v1/dead-letters/${id}`);
  return (
    <Dialog isOpen onClose={() => onOpen('')} title={copy.detail} place="panel">
      <Loaded from={asked} what={copy.detailWhat}>
        {(letter) => (
          <div className={opsStyles.section}>
            <pre className={opsStyles.verbatim}>{letter.error}</pre>
            {letter.state === 'parked' && <div className={opsStyles.row}>{actions(letter)}</div>}
            <Facts facts={factsOf(letter)} />
            {letter.traceparent !== null && (
              <CopyText label={copy.trace} text={traceOf(letter.traceparent)} />
            )}
            <Section title={copy.payload}>
              <Payload text={letter.payload} />
            </Section>
            <Neighbours letter={letter} letters={letters} onOpen={onOpen} />
          </div>
        )}
      </Loaded>
    </Dialog>
  );
}

/** Of `00-<trace>-<span>-01` the trace. */
const traceOf = (traceparent: string): string => traceparent.split('-')[1] ?? traceparent;

const factsOf = (letter: DeadLetter) =>
  [
    [copy.facts.failed, <Moment key="failed" at={letter.failedAt} />],
    [copy.facts.state, copy.states[letter.state]],
    [copy.facts.tries, letter.attempts],
    [copy.facts.worker, letter.group],
    [copy.facts.shard, letter.shard],
    [copy.facts.entry, <code key="entry">{letter.entryId}</code>],
    [copy.facts.pbx, letter.pbxName ?? copy.nobody],
    [copy.facts.type, letter.type],
    [copy.facts.epoch, letter.epoch === null ? null : `${letter.epoch} · ${letter.seq ?? '—'}`],
    ...(letter.resolvedAt === null
      ? []
      : [
          [
            copy.facts.resolved,
            <span key="resolved">
              <Moment at={letter.resolvedAt} /> · {letter.resolvedBy ?? '—'}
            </span>,
          ] as const,
        ]),
  ] as const;

function Neighbours({
  letter,
  letters,
  onOpen,
}: Pick<LetterPanelProps, 'letters' | 'onOpen'> & { letter: DeadLetter }) {
  const { before, after } = neighboursOf(letter, letters);
  if (before === null && after === null) return null;
  return (
    <Section title={copy.neighbours}>
      <div className={opsStyles.row}>
        {before !== null && <Button onClick={() => onOpen(before.id)}>{copy.older}</Button>}
        {after !== null && <Button onClick={() => onOpen(after.id)}>{copy.newer}</Button>}
      </div>
    </Section>
  );
}
