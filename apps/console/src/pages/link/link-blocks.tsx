import { useState } from 'react';
import type { PbxDetail } from '../../api/answers.ts';
import { Countdown } from '../../links/countdown.tsx';
import { useRetry } from '../../links/use-link-actions.ts';
import { Facts, Outcome, opsStyles } from '../../ops/ops-page.tsx';
import { useMay } from '../../session/session-provider.tsx';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { linkPageCopy as copy } from './copy.ts';

/** Who is blocked until when. Whoever released our address on the PBX may say so; nothing else can be pressed. */
export function LinkBlocks({ pbx }: { readonly pbx: PbxDetail }) {
  const [isAsking, setAsking] = useState(false);
  const mayAct = useMay('ops:write');
  const retry = useRetry();
  const [first] = pbx.link.blocks;
  if (first === undefined) return null;
  return (
    <>
      {pbx.link.blocks.map(({ egress, until }) => (
        <Facts
          key={egress}
          facts={[
            [copy.blockColumns.egress, <code key="egress">{egress}</code>],
            [copy.blockColumns.until, <Countdown key="until" to={until} withClock />],
          ]}
        />
      ))}
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
