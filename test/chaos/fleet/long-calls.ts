import type { CallHandle } from '@trunkline/pbx-simulator';
import { disturb, type Office } from '../link/office.ts';

/** Extensions of the offices by which calls are placed by hand; the last ones, which traffic takes up last. */
const pairs = [
  ['1012', '1011'],
  ['1010', '1009'],
] as const;

const triesMax = 50;
const tryEveryMs = 100;

/** Two calls that nobody ends: one goes on talking, one is held. Only a PBX that restarts loses them. */
export async function placeLongCalls(office: Office): Promise<void> {
  for (const [index, [from, to]] of pairs.entries()) {
    const call = await talk(office, from, to);
    if (index === 1) call.hold(to);
  }
}

/** One more call, for whoever is about to lose its end. */
export const placeCall = (office: Office): Promise<CallHandle> => talk(office, '1001', '1002');

/** A call ends, and nobody tells. */
export async function loseHangup(office: Office, call: CallHandle): Promise<void> {
  await disturb(
    office,
    { kind: 'loseHangups', share: 1 },
    Promise.resolve().then(() => call.hangUp()),
  );
}

/** Tries again where traffic has just taken one of the phones. */
async function talk({ simulator: { control } }: Office, from: string, to: string): Promise<CallHandle> {
  for (let tries = 1; ; tries++) {
    const isFree = control
      .ledger()
      .phones.every(({ number, status }) => status === 'online' || (number !== from && number !== to));
    if (isFree) {
      const call = control.place({ kind: 'internal', from, to });
      call.ring();
      call.answer();
      return call;
    }
    if (tries === triesMax) throw new Error(`phones ${from} and ${to} were never free`);
    await new Promise((resolve) => void setTimeout(resolve, tryEveryMs));
  }
}
