import { Confirm } from '../../ui/confirm.tsx';
import { countOf, type BatchWish } from './batch.ts';
import { lettersCopy as copy } from './copy.ts';
import type { LetterVerb } from './use-batch.ts';

export interface Wish {
  readonly verb: LetterVerb;
  readonly what: BatchWish;
}

interface ConfirmWishProps {
  readonly wish: Wish | null;
  readonly onConfirm: (wish: Wish) => void;
  readonly onCancel: () => void;
}

/** The last look, with the count in the button. */
export function ConfirmWish({ wish, onConfirm, onCancel }: ConfirmWishProps) {
  const count = wish === null ? 0 : countOf(wish.what);
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
