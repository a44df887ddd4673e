import type { LinkFault } from '@trunkline/pbx';

/** What can keep a link from being up: what an adapter reports, and what stops us before we ask the PBX at all. */
export type AttemptFault =
  | LinkFault
  /** What was entered for the PBX can't be used, or its credential can't be found. */
  | { readonly kind: 'unconfigured' }
  /** Our own database did not answer, so nobody knows whether the PBX may be asked. */
  | { readonly kind: 'unprepared' };
