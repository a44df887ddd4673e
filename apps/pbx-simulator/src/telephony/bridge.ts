import type { Call } from './call.ts';
import type { Leg } from './leg.ts';

/** Where legs hear each other. */
export interface Bridge {
  readonly id: string;
  readonly call: Call;
  readonly kind: 'basic' | 'conference';
  readonly createdAt: number;
  readonly legs: Leg[];
}
