import type { DataType, RowsByType } from '../data-types.ts';

/** Rows that were committed. Its `type` is what they are. */
export type Data = { readonly [Type in DataType]: DataOf<Type> }[DataType];

export interface DataOf<Type extends DataType> {
  readonly type: Type;
  readonly topic: string;
  /** Where the client stands when it has read this. */
  readonly offset: string;
  /** Another message with the same offset follows: the client does not stand there yet. */
  readonly more?: true;
  readonly rows: readonly RowsByType[Type][];
}
