import { Warden } from '../processes/warden.ts';

let warden: Warden | undefined;

/** One warden for all servers this test process starts for itself: a killed test leaves none of them behind. */
export function ownWarden(): Warden {
  warden ??= new Warden();
  return warden;
}
