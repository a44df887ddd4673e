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
  // oxlint-disable-next-line eslint/no-control-regex -- control characters are the very thing to refuse
  v.regex(/^[^\u0000-\u001f\u007f]+$/, 'holds a control character'),
  v.check((text) => text.isWellFormed(), 'holds half of a character pair'),
);

const uuid = v.pipe(v.string(), v.uuid());

export const tenantIdSchema = v.pipe(
  uuid,
  v.transform((text) => text as TenantId),
);
export const pbxIdSchema = v.pipe(
  uuid,
  v.transform((text) => text as PbxId),
);
export const callKeySchema = v.pipe(
  key,
  v.transform((text) => text as CallKey),
);
export const extensionNumberSchema = v.pipe(
  key,
  v.transform((text) => text as ExtensionNumber),
);
export const recordingKeySchema = v.pipe(
  key,
  v.transform((text) => text as RecordingKey),
);

export const tenantId = (text: string): TenantId => v.parse(tenantIdSchema, text);
export const pbxId = (text: string): PbxId => v.parse(pbxIdSchema, text);
export const callKey = (text: string): CallKey => v.parse(callKeySchema, text);
export const extensionNumber = (text: string): ExtensionNumber => v.parse(extensionNumberSchema, text);
export const recordingKey = (text: string): RecordingKey => v.parse(recordingKeySchema, text);
