/**
 * Why the state of a source can't be trusted until its snapshot is taken:
 * - `gap`: sequence numbers `from`-`to` never came (or not yet);
 * - `dead-letter`: the event `from` was set aside;
 * - `trimmed`: entries were cut from the stream before this group read them;
 * - `reset`: the stream was emptied or went back in time.
 */
export type ResyncReason = 'gap' | 'dead-letter' | 'trimmed' | 'reset';

export interface ResyncRequest {
  readonly source: string;
  readonly epoch: number;
  readonly reason: ResyncReason;
  readonly from: number | null;
  readonly to: number | null;
}

/**
 * Marks sources for a snapshot, in the transaction that found out. Must accept sources that it does not know, and the
 * same request again.
 */
export type Resync<Tx> = (requests: readonly ResyncRequest[], tx: Tx) => Promise<void>;
