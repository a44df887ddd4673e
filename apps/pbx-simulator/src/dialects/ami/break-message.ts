import type { Chance } from '../../random.ts';

type Way = (message: string, chance: Chance) => string;

/** Short enough that nothing is left which tells one call from another: half an id would name a call that is none. */
const KEPT_LENGTH_MAX = 40;

/** Broken, but each ends as a message does: what comes after it can be read again. */
const ways: readonly [Way, ...Way[]] = [
  (message, chance) => `${message.slice(0, chance.between(1, KEPT_LENGTH_MAX))}\r\n\r\n`,
  (message) => message.replaceAll(':', ''),
  (message) => `\u0000\u0001${message}`,
  withoutIds,
  () => 'Event\r\n\r\n',
  () => ': nothing\r\n\r\n',
  () => 'Event: \r\nChannelState: six\r\n\r\n',
];

/** All ids at once: with one of two left, a dialling looks like one that a client ordered, which has no caller. */
function withoutIds(message: string): string {
  return message.includes('Uniqueid: ')
    ? message.replaceAll(/Uniqueid: [^\r]*/g, 'Uniqueid')
    : message.replaceAll(':', '');
}

export function breakMessage(message: string, chance: Chance): string {
  return chance.pick(ways)(message, chance);
}
