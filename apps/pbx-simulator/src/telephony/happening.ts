import type { Bridge } from './bridge.ts';
import type { Call } from './call.ts';
import type { Leg, LegCause } from './leg.ts';
import type { DeviceState, Phone } from './phone.ts';

export type DialStatus = '' | 'RINGING' | 'ANSWER' | 'BUSY' | 'NOANSWER' | 'CANCEL' | 'CONGESTION';

/**
 * What happens inside the PBX, in the order in which Asterisk tells of it. Legs, bridges and calls are the living
 * ones: whoever wants to know how they were must look at once.
 */
export type Happening =
  | { readonly kind: 'leg.created'; readonly leg: Leg }
  | { readonly kind: 'leg.state'; readonly leg: Leg }
  | { readonly kind: 'leg.connectedLine'; readonly leg: Leg }
  | {
      readonly kind: 'dial';
      readonly caller: Leg | null;
      readonly peer: Leg;
      readonly status: DialStatus;
      readonly dialString: string;
    }
  | { readonly kind: 'bridge.created' | 'bridge.destroyed'; readonly bridge: Bridge }
  | { readonly kind: 'bridge.entered' | 'bridge.left'; readonly bridge: Bridge; readonly leg: Leg }
  | { readonly kind: 'bridge.merged'; readonly into: Bridge; readonly from: Bridge }
  | { readonly kind: 'leg.held' | 'leg.resumed'; readonly leg: Leg }
  | {
      readonly kind: 'leg.hangupRequested';
      readonly leg: Leg;
      readonly cause: LegCause;
      readonly soft: boolean;
    }
  | { readonly kind: 'leg.ended'; readonly leg: Leg; readonly cause: LegCause }
  | {
      readonly kind: 'transfer.blind';
      readonly by: Leg;
      readonly transferee: Leg;
      readonly bridge: Bridge;
      readonly to: string;
    }
  | {
      readonly kind: 'transfer.attended';
      readonly first: Leg;
      readonly second: Leg;
      readonly transferee: Leg;
      readonly target: Leg;
      readonly bridge: Bridge;
      readonly secondBridge: Bridge;
    }
  | { readonly kind: 'picked.up'; readonly by: Leg; readonly target: Leg }
  | { readonly kind: 'recording.started' | 'recording.stopped'; readonly leg: Leg }
  | {
      readonly kind: 'device';
      readonly device: string;
      readonly phone: Phone | null;
      readonly state: DeviceState;
    }
  | { readonly kind: 'phone.registered'; readonly phone: Phone }
  | { readonly kind: 'phone.presence'; readonly phone: Phone }
  /** A step is complete. `touched` are the legs that it changed, also those that have ended with it. */
  | { readonly kind: 'call.changed'; readonly call: Call; readonly touched: readonly Leg[] }
  | { readonly kind: 'call.transferred'; readonly call: Call; readonly touched: readonly Leg[] }
  | { readonly kind: 'call.ended'; readonly call: Call; readonly touched: readonly Leg[] };

export type HappeningKind = Happening['kind'];
export type HappeningOf<Kind extends HappeningKind> = Extract<Happening, { kind: Kind }>;
