import type { SimulatedCall } from '../../api/answers.ts';
import { Outcome, opsStyles } from '../../ops/ops-page.tsx';
import { Table, type Column } from '../../ops/table.tsx';
import { Button } from '../../ui/button.tsx';
import { Moment } from '../../ui/moment.tsx';
import { simulatorCopy as copy } from './copy.ts';
import { useSteer } from './use-simulator.ts';

const shownMax = 10;

/** The calls as the PBX itself knows them: the truth that our records are compared with. */
export function OpenCalls({ calls }: { readonly calls: readonly SimulatedCall[] }) {
  const steer = useSteer();
  const columns: readonly Column<SimulatedCall>[] = [
    { title: 'State', isPlain: true, cell: ({ status }) => status },
    { title: 'From', cell: ({ from }) => from ?? '—' },
    { title: 'To', cell: ({ to }) => to ?? '—' },
    { title: 'Phones', cell: ({ extensions }) => extensions.join(', ') },
    { title: 'Since', align: 'end', cell: ({ startedAt }) => <Moment at={startedAt} as="elapsed" /> },
    {
      title: 'Actions',
      isPlain: true,
      cell: ({ call, status }) => (
        <span className={opsStyles.row}>
          {(status === 'ringing' || status === 'calling') && (
            <Button onClick={() => steer.mutate({ action: 'answer-call', call })}>{copy.answer}</Button>
          )}
          <Button onClick={() => steer.mutate({ action: 'hang-up-call', call })}>{copy.hangUp}</Button>
        </span>
      ),
    },
  ];
  if (calls.length === 0) return <p className={opsStyles.quiet}>{copy.noCalls}</p>;
  return (
    <>
      {steer.isError && <Outcome tone="danger">{steer.error.message}</Outcome>}
      <Table
        label={copy.openCalls}
        columns={columns}
        rows={calls.slice(0, shownMax)}
        keyOf={({ call }) => call}
      />
      {calls.length > shownMax && <p className={opsStyles.quiet}>{copy.more(calls.length - shownMax)}</p>}
    </>
  );
}
