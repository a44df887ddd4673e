import { useState } from 'react';
import type { PbxDetail } from '../../api/answers.ts';
import { Countdown } from '../../links/countdown.tsx';
import { useRetry } from '../../links/use-link-actions.ts';
import { Outcome, opsStyles } from '../../ops/ops-page.tsx';
import { Table, type Column } from '../../ops/table.tsx';
import { useMay } from '../../session/session-provider.tsx';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { Moment } from '../../ui/moment.tsx';
import { linkPageCopy as copy } from './copy.ts';

type Block = PbxDetail['link']['blocks'][number];

const columns: readonly Column<Block>[] = [
  { title: copy.blockColumns.egress, cell: ({ egress }) => <code>{egress}</code> },
  { title: copy.blockColumns.until, cell: ({ until }) => <Moment at={until} /> },
  { title: copy.blockColumns.left, cell: ({ until }) => <Countdown to={until} /> },
  { title: copy.blockColumns.reason, wraps: true, cell: ({ reason }) => reason },
];

/** Who is blocked until when. Whoever released our address on the PBX may say so; nothing else can be pressed. */
export function LinkBlocks({ pbx }: { readonly pbx: PbxDetail }) {
  const [isAsking, setAsking] = useState(false);
  const mayAct = useMay('ops:write');
  const retry = useRetry();
  const [first] = pbx.link.blocks;
  if (first === undefined) return null;
  return (
    <>
      <Table label={copy.blocks} columns={columns} rows={pbx.link.blocks} keyOf={({ egress }) => egress} />
      <p className={opsStyles.row}>
        <span className={opsStyles.quiet}>{copy.blockedActions}</span>
        {mayAct && (
          <Button look="quiet" onClick={() => setAsking(true)}>
            {copy.lifted}
          </Button>
        )}
      </p>
      {retry.isError && <Outcome tone="danger">{retry.error.message}</Outcome>}
      <Confirm
        isOpen={isAsking}
        title={copy.liftedTitle(pbx.name)}
        action={copy.liftedAction}
        isBusy={retry.isPending}
        onCancel={() => setAsking(false)}
        onConfirm={() =>
          retry.mutate({ pbx: pbx.pbx, unblocked: true }, { onSettled: () => setAsking(false) })
        }
      >
        {copy.liftedBody(first.egress)}
      </Confirm>
    </>
  );
}
