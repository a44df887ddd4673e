import { scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import type { Credential } from '../port/target.ts';

const derive = promisify<string, string, number, Buffer>(scrypt);

const markBytes = 16;

/**
 * Tells credentials apart without telling what they are: the same for the same name, user and secret. It is stored
 * beside failed logins, so it is slow to compute on purpose, for many secrets of PBXs are short enough to be guessed.
 */
export async function credentialMark(name: string, { username, secret }: Credential): Promise<string> {
  const salt = JSON.stringify(['trunkline credential mark', name, username]);
  return (await derive(secret, salt, markBytes)).toString('hex');
}
