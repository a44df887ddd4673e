import * as v from 'valibot';
import { humanText } from '../events/text.ts';

/** Somebody who takes part in a call, as the PBX names them. */
export interface Party {
  readonly number: string;
  readonly name?: string | undefined;
}

export const directions = ['inbound', 'outbound', 'internal'] as const;
export type Direction = (typeof directions)[number];

/** The way a call came or went: its direction and, where known, the trunk and the number that was dialled in. */
export interface Route {
  readonly direction: Direction;
  readonly trunk?: string | undefined;
  readonly did?: string | undefined;
}

export const partySchema = v.object({
  number: humanText(128),
  name: v.optional(humanText(200)),
});

export const routeSchema = v.object({
  direction: v.picklist(directions),
  trunk: v.optional(humanText(200)),
  did: v.optional(humanText(128)),
});
