import { addPbx, correctPbx, enablePbx, listPbxs, type Database, type NewPbx } from '@trunkline/database';
import type { PbxId } from '@trunkline/domain';
import {
  CredentialError,
  readAddress,
  readOptions,
  readTrust,
  readVendor,
  TargetError,
  writeTrust,
  type PbxTarget,
} from '@trunkline/pbx';
import { readFile } from 'node:fs/promises';
import type { Bench } from '../bench.ts';
import { Failure, UsageError } from '../failure.ts';
import { findTenant } from '../tenant/find-tenant.ts';
import { checkPbx, type Checked } from './check-pbx.ts';

export interface PbxAddOptions {
  readonly vendor: string;
  readonly address: string;
  readonly credential: string;
  readonly trust: string;
  readonly tenant?: string;
  /** `name=value`, as many as there are. */
  readonly option: readonly string[];
  readonly check: boolean;
}

/**
 * Adds a PBX and switches it on once it has shown that it can be reached. One that failed stays, switched off, so that
 * its refused logins stay counted; adding it again under its name corrects it.
 */
export async function runPbxAdd(bench: Bench, name: string, options: PbxAddOptions): Promise<void> {
  const target = await readTarget(options);
  const credential = options.check ? await findCredential(bench, options.credential) : null;
  const database = await bench.database();
  const pbx = await enter(database, name, options, target);
  const { terminal } = bench;
  if (credential !== null) {
    terminal.note(`Checking ${target.address.host} …`);
    terminal.out(await checked(bench, name, options.credential, { ...target, id: pbx, credential }, pbx));
  }
  await database.transaction((transaction) => enablePbx(transaction, pbx, true));
  terminal.out(
    `Added ${name} (${pbx}). A connector takes it up within seconds: trunkline pbx show ${JSON.stringify(name)}`,
  );
}

type Described = Omit<PbxTarget, 'id' | 'credential'>;

async function readTarget({ vendor: kind, address, trust, option }: PbxAddOptions): Promise<Described> {
  try {
    const vendor = readVendor(kind);
    return {
      vendor,
      address: readAddress(vendor, address),
      trust: readTrust(trust.startsWith('@') ? await readAuthority(trust.slice(1)) : trust),
      options: readOptions(Object.fromEntries(option.map(pairOf))),
    };
  } catch (error) {
    if (error instanceof TargetError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

async function readAuthority(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new UsageError(`The certificate in ${path} can't be read.`, { cause });
  }
}

function pairOf(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`The option "${text}" has no value: write --option name=value.`);
  return [text.slice(0, at), text.slice(at + 1)];
}

async function findCredential(bench: Bench, name: string): Promise<PbxTarget['credential']> {
  try {
    return await bench.credentials.find(name);
  } catch (error) {
    if (error instanceof CredentialError)
      throw new Failure(`${error.message} With --no-check it is left to the connectors to find it.`, {
        cause: error,
      });
    throw error;
  }
}

/** Switched off at first, so that no connector tries what the check is about to try. */
async function enter(
  database: Database,
  name: string,
  { tenant: called, credential }: PbxAddOptions,
  { vendor, address, trust, options }: Described,
): Promise<PbxId> {
  return await database.transaction(async (transaction) => {
    const { id: tenant } = await findTenant(transaction, called);
    const described: NewPbx = {
      tenant,
      name,
      vendor,
      address: address.href,
      trust: writeTrust(trust),
      credential,
      options: { ...options },
    };
    const [known] = await listPbxs(transaction, { tenant, called: name });
    if (known === undefined) {
      const id = await addPbx(transaction, described);
      await enablePbx(transaction, id, false);
      return id;
    }
    if (known.enabled || known.link.epoch > 0) {
      throw new Failure(
        `There is already a PBX "${name}". Choose another name, or remove it first: trunkline pbx remove ${JSON.stringify(name)}`,
      );
    }
    await correctPbx(transaction, known.id, described);
    return known.id;
  });
}

async function checked(
  bench: Bench,
  name: string,
  credentialName: string,
  target: PbxTarget,
  pbx: PbxId,
): Promise<string> {
  try {
    return describe(await checkPbx(bench, pbx, target, credentialName));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(
      `${error.message}\n${name} is kept, switched off. Correct what is wrong and add it again under the same name.`,
      { cause: error },
    );
  }
}

function describe({ product, calls, phones, warnings }: Checked): string {
  const lines = [
    `It answers${product === null ? '' : ` as ${product}`}: ${phones ?? 'no list of'} phones, ${calls} calls going on.`,
  ];
  return [...lines, ...warnings.map((warning) => `Warning: ${warning}`)].join('\n');
}
