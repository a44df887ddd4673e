import { isSupportedCountry, parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min';
import { readPlainNumber } from './read-plain-number.ts';

export type { CountryCode };

export const isCountry = (text: string): text is CountryCode => isSupportedCountry(text);

/** Beyond this nothing is a number, however it is written. */
const writtenLettersMax = 60;

/** Addresses of telephones that PBXs and address books write around a number. */
const scheme = /^(?:tel|sips?|callto):/i;

/**
 * A number as people and PBXs write it, in E.164; null for what is none. Its length must be possible where it leads; whether somebody has it
 * nobody knows, and the plans of countries change faster than tables of ours.
 */
export function readNumber(written: string, country: CountryCode | null): string | null {
  if (written.length > writtenLettersMax) return null;
  const text = written.trim();
  return readPlainNumber(text) ?? readAnyNumber(text.replace(scheme, '').replace(/@.*$/, ''), country);
}

/** However it is written. */
export function readAnyNumber(text: string, country: CountryCode | null): string | null {
  const parsed = parsePhoneNumberFromString(text, {
    ...(country !== null && { defaultCountry: country }),
    extract: false,
  });
  if (parsed?.isPossible() !== true) return null;
  // What begins like the prefix for calls within a country may be read as another number the next time: then it is none.
  const isDoubtful = /^[018]/.test(parsed.nationalNumber) && parsed.number !== text;
  return isDoubtful && parsePhoneNumberFromString(parsed.number)?.number !== parsed.number
    ? null
    : parsed.number;
}
