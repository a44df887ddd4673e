import { readCapture, received } from '@trunkline/pbx/testing';
import { multiply } from './multiply.ts';

/** Recorded scenarios in which all calls come to their ends and the PBX stays up. */
const scenarios = [
  'a1', 'a2', 'a3', 'b1', 'b2', 'c1', 'c2', 'd1', 'e1', 'e2', 'f1', 'f3', 'f4', 'f6', 'k1', 'm1', 'o1',
]; // prettier-ignore

/** The phone of which only the last frame tells, by which whoever listens knows that it has heard all. */
export const lastPhone = '999999';

/** What is left where the PBX lets us switch off what we would skip: an event of these types never comes. */
const filtered = {
  ari: /"type":"Channel(?:Varset|Dialplan|ConnectedLine|HangupRequest|DtmfReceived)"/,
  ami: /^Event: (?:VarSet|Newexten|NewConnectedLine|HangupRequest|SoftHangupRequest|MusicOnHold\w+)\r/,
};

export function* ariFrames(framesMin: number, isFiltered: boolean): Generator<string> {
  const frames = scenarios
    .flatMap((scenario) => received(readCapture(scenario), 'ari').map(({ raw }) => raw))
    .filter((frame) => !(isFiltered && filtered.ari.test(frame)));
  yield* multiply(frames, framesMin - 1, rename);
  const device = { name: `PJSIP/${lastPhone}`, state: 'INUSE' };
  yield JSON.stringify({ type: 'DeviceStateChanged', device_state: device, application: 'trunkline' });
}

/** Events only, since what answers the recording client's own actions would answer none of ours. */
export function* amiMessages(messagesMin: number, isFiltered: boolean): Generator<string> {
  const messages = scenarios
    .flatMap(messagesOf)
    .filter((message) => message.startsWith('Event: ') && !message.startsWith('Event: FullyBooted\r'))
    .filter((message) => !(isFiltered && filtered.ami.test(message)));
  yield* multiply(messages, messagesMin - 1, rename);
  yield `Event: DeviceStateChange\r\nPrivilege: call,all\r\nDevice: PJSIP/${lastPhone}\r\nState: INUSE`;
}

function messagesOf(scenario: string): string[] {
  const stream = received(readCapture(scenario), 'ami').map(({ raw }) => raw);
  return stream.join('').split('\r\n\r\n').slice(0, -1);
}

/** The same message in the notation that JavaScript has a parser for. Of repeated headers the last counts. */
export function jsonOfMessage(message: string): string {
  const headers = message.split('\r\n').map((line) => {
    const colon = line.indexOf(': ');
    return colon === -1 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 2)];
  });
  return JSON.stringify(Object.fromEntries(headers));
}

const roundSeconds = 100_000;

/** Ids of channels begin with the PBX's name and a second, those of bridges are UUIDs, wished ones begin with `ov-`. */
const rename = (frame: string, round: number): string =>
  frame
    .replace(
      /trunkline-lab-(\d+)\./g,
      (_, second) => `trunkline-lab-${Number(second) + round * roundSeconds}.`,
    )
    .replace(/\b[0-9a-f]{8}(?=-[0-9a-f]{4}-)/g, (start) => hexOf(Number.parseInt(start, 16) ^ round))
    .replace(/\bov-/g, `ov-${round}-`);

const hexOf = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');
