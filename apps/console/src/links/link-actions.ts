import type { LinkRow } from '@trunkline/realtime-client';
import { shownState } from './link-words.ts';

export interface LinkActions {
  /** The word on the button; null where there is none: while the PBX blocks us, and where nothing is wrong. */
  readonly retry: string | null;
  readonly snapshot: boolean;
}

/** What may be asked of a link in its state. A try during a block may prolong it, so none is offered. */
export function actionsOf(link: Pick<LinkRow, 'state' | 'held' | 'enabled'>): LinkActions {
  switch (shownState(link)) {
    case 'waiting':
    case 'lost':
      return { retry: 'Reconnect now', snapshot: false };
    case 'refused':
      return { retry: 'Retry the login', snapshot: false };
    case 'live':
      return { retry: null, snapshot: true };
    default:
      return { retry: null, snapshot: false };
  }
}
