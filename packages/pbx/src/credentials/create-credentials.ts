import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Credential } from '../port/target.ts';
import { CredentialError } from './credential-error.ts';
import { isCredentialName, variablesOfCredential } from './credential-names.ts';

export interface CredentialsOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Holds a folder for each credential with the files `username` and `password`. */
  readonly directory?: string | undefined;
}

export interface Credentials {
  /** Looks it up anew each time, since mounted secrets change under a running process. Rejects with a CredentialError. */
  find(name: string): Promise<Credential>;
}

/** Anything longer is no user name and no secret. */
const lengthMax = 64 * 1024;

/**
 * Finds user and secret by the name that the database holds: in the environment, or else in a folder as Kubernetes
 * mounts a secret of the kind basic-auth.
 */
export function createCredentials({ env, directory }: CredentialsOptions): Credentials {
  return {
    async find(name) {
      if (!isCredentialName(name)) {
        throw new CredentialError(
          `"${name.slice(0, 80)}" is no name of a credential: lower-case letters, digits and dashes, up to 63.`,
        );
      }
      const found = fromEnvironment(env, name) ?? (await fromDirectory(directory, name));
      if (found !== undefined) return found;
      throw new CredentialError(
        `There is no credential "${name}". Set ${variablesOfCredential(name).join(' and ')}, or ${
          directory === undefined
            ? 'set TRUNKLINE_CREDENTIALS_DIR to a folder'
            : `put the files username and password into ${join(directory, name)}`
        }.`,
      );
    },
  };
}

function fromEnvironment(env: CredentialsOptions['env'], name: string): Credential | undefined {
  const [userVariable, secretVariable] = variablesOfCredential(name);
  // As with all settings, a variable that is set to nothing counts as not set.
  const username = env[userVariable] || undefined;
  const secret = env[secretVariable] || undefined;
  if (username === undefined && secret === undefined) return undefined;
  if (username !== undefined && secret !== undefined) return { username, secret };
  const missing = username === undefined ? userVariable : secretVariable;
  throw new CredentialError(`The credential "${name}" is incomplete: ${missing} is not set.`);
}

async function fromDirectory(directory: string | undefined, name: string): Promise<Credential | undefined> {
  if (directory === undefined) return undefined;
  const files = [join(directory, name, 'username'), join(directory, name, 'password')] as const;
  const [username, secret] = await Promise.all(files.map(readWhole));
  if (username === undefined && secret === undefined) return undefined;
  if (username !== undefined && secret !== undefined) return { username, secret };
  const missing = username === undefined ? files[0] : files[1];
  throw new CredentialError(`The credential "${name}" is incomplete: ${missing} is missing or empty.`);
}

async function readWhole(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (isAbsent(error)) return '';
    throw new CredentialError(`The file ${path} can't be read.`, { cause: error });
  });
  if (text.length > lengthMax) throw new CredentialError(`The file ${path} is longer than ${lengthMax}.`);
  // Editors and `echo` end a file with a line break that belongs to nobody.
  const value = text.replace(/\r?\n$/, '');
  return value === '' ? undefined : value;
}

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
