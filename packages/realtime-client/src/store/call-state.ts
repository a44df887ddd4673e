import type { LinkRow, PbxConnectedRow, PbxDisconnectedRow } from '@trunkline/realtime-protocol';

/** What a screen believes about calls may be wrong from now on: close dialogs, stop sounds, clear flags. */
export interface CallStateReset {
  /** Which PBX; null: all of them. */
  readonly pbx: string | null;
  readonly reason: 'pbx-disconnected' | 'connection-lost';
  readonly cause?: string;
}

/** Tells once for each time that the link to a PBX is lost, whichever message says so first. */
export function createCallState(emit: (reset: CallStateReset) => void) {
  const lost = new Map<string, boolean>();

  function hear(type: string, row: object, isSnapshot: boolean): void {
    if (type === 'link_update') {
      const { pbx, open } = row as LinkRow;
      note(pbx, !open, isSnapshot);
    } else if (type === 'pbx-connected') note((row as PbxConnectedRow).pbx, false, isSnapshot);
    else if (type === 'pbx-disconnected') {
      const { pbx, cause } = row as PbxDisconnectedRow;
      note(pbx, true, isSnapshot, cause);
    }
  }

  function note(pbx: string, isLost: boolean, isSnapshot: boolean, cause?: string): void {
    const before = lost.get(pbx);
    lost.set(pbx, isLost);
    // A PBX that was down before anybody looked has lost nothing that a screen shows.
    if (!isLost || before === true || (isSnapshot && before === undefined)) return;
    emit(
      cause === undefined ? { pbx, reason: 'pbx-disconnected' } : { pbx, reason: 'pbx-disconnected', cause },
    );
  }

  return { hear, connectionLost: () => emit({ pbx: null, reason: 'connection-lost' }) };
}
