/**
 * What can be wrong with a link, as a fact. What to do about it (how long to wait, whether to try again at all) is
 * decided by whoever holds the link.
 */
export type LinkFault =
  /** Nobody answered, the name is unknown, the connection was refused, reset or closed, or a deadline passed. */
  | { readonly kind: 'unreachable' }
  /** An open link brought no answer to a heartbeat in time. */
  | { readonly kind: 'silent' }
  /** The certificate is not trusted. The fingerprint lets an operator pin it. */
  | { readonly kind: 'certificate'; readonly fingerprint: string | null }
  /** The PBX refused user and secret. Counts against the budget, since PBXs block who fails too often. */
  | { readonly kind: 'credentials' }
  /** The PBX blocks our address, until then where it said so (ms since 1970, by our clock). */
  | { readonly kind: 'blocked'; readonly until: number | null }
  /** The PBX knows us and doesn't allow it: an allow-list, a missing permission, a switched-off interface. */
  | { readonly kind: 'forbidden' }
  /** Too many sessions or tokens are open. */
  | { readonly kind: 'crowded'; readonly until: number | null }
  /** The PBX is up and not ready yet, or busy with something heavy. */
  | { readonly kind: 'starting' }
  /** Another client took our place and gets our events now. */
  | { readonly kind: 'replaced' }
  /** The PBX said that it goes down or restarts; calls that it carried are over. */
  | { readonly kind: 'shutdown' }
  /** Something answers that does not speak this protocol, or not a version of it that we know. */
  | { readonly kind: 'protocol' }
  /** The reader was too slow and words were dropped; what is known must be fetched anew. */
  | { readonly kind: 'overrun' }
  /** We closed it ourselves. */
  | { readonly kind: 'closed' };

export type FaultKind = LinkFault['kind'];

/** The fault with a message for people: what is wrong with which PBX, and the remedy where there is one. */
export class LinkError extends Error {
  override readonly name = 'LinkError';
  readonly fault: LinkFault;

  constructor(fault: LinkFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

/** The PBX understood a command or question and said no: no such extension, not permitted, busy. The link is well. */
export class RefusalError extends Error {
  override readonly name = 'RefusalError';
}
