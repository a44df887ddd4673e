import type { eventSchemas, EventType } from '@trunkline/domain';
import type { InferInput } from 'valibot';

/** Kinds of events that a PBX itself causes. What happens to the link is told by whoever holds it. */
export type SaidType = Exclude<EventType, `link.${string}`>;

export type EventPayload<Type extends EventType> = InferInput<(typeof eventSchemas)[Type]>;

/** Something a PBX said, in the domain's words; who says it and where it stands in the order is added outside. */
export type Said = {
  [Type in SaidType]: { readonly kind: 'said'; readonly type: Type; readonly payload: EventPayload<Type> };
}[SaidType];

/** A frame that claims to be an event and can't be read. It is set aside whole, so that nothing is lost. */
export interface Unreadable {
  readonly kind: 'unreadable';
  readonly raw: string;
  readonly problem: string;
}

export type Word = Said | Unreadable;

/**
 * The PBX's own list of all that goes on, complete or not there at all: where a part of it could not be had,
 * `snapshot()` rejects. Leaving `extensions` out says that this PBX can't list its phones; an empty list says it has none.
 */
export interface PbxSnapshot {
  readonly calls: EventPayload<'link.snapshot'>['calls'];
  readonly extensions?: NonNullable<EventPayload<'link.snapshot'>['extensions']>;
}
