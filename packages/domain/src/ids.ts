import * as v from 'valibot';
import type { Brand } from './brand.ts';

export type TenantId = Brand<string, 'TenantId'>;
export type PbxId = Brand<string, 'PbxId'>;

/** The PBX's own name for a call, unique within that PBX only. */
export type CallKey = Brand<string, 'CallKey'>;

/** The number of a phone within its PBX. */
export type ExtensionNumber = Brand<string, 'ExtensionNumber'>;

/** The PBX's own name for a recording, unique within that PBX only. */
export type RecordingKey = Brand<string, 'RecordingKey'>;

const keyLengthMax = 256;

/**
 * What a PBX may use as a name. PostgreSQL can't store NUL and no key of any vendor holds control characters, so such
 * a key is a broken frame and is refused at the door.
 */
const key = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(keyLengthMax),
  v.check(isPlainKey, 'holds a control character or half of a character pair'),
);

/** What nearly every key is made of. */
const usual = /^[!-~]+$/;

// oxlint-disable-next-line eslint/no-control-regex -- control characters are the very thing to refuse
const control = /[\u0000-\u001f\u007f]/;

function isPlainKey(text: string): boolean {
  return usual.test(text) || (!control.test(text) && text.isWellFormed());
}

/** The brand is a matter of types: whoever passes the door holds the same string. */
const branded = <Name>(schema: v.GenericSchema<string>) => schema as unknown as v.GenericSchema<string, Name>;

const uuid = v.pipe(v.string(), v.uuid());

export const tenantIdSchema = branded<TenantId>(uuid);
export const pbxIdSchema = branded<PbxId>(uuid);
export const callKeySchema = branded<CallKey>(key);
export const extensionNumberSchema = branded<ExtensionNumber>(key);
export const recordingKeySchema = branded<RecordingKey>(key);

export const tenantId = (text: string): TenantId => v.parse(tenantIdSchema, text);
export const pbxId = (text: string): PbxId => v.parse(pbxIdSchema, text);
export const callKey = (text: string): CallKey => v.parse(callKeySchema, text);
export const extensionNumber = (text: string): ExtensionNumber => v.parse(extensionNumberSchema, text);
export const recordingKey = (text: string): RecordingKey => v.parse(recordingKeySchema, text);
