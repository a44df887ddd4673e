import type { OriginateRequest } from '../port/connection.ts';
import { RefusalError } from '../port/fault.ts';
import type { PbxOptions } from '../port/target.ts';

export interface OriginateDetails {
  readonly endpoint: string;
  readonly context: string;
  readonly callerId: string;
  readonly timeoutSeconds: number;
}

/** FreePBX and most hand-made dial plans call it so. */
const CONTEXT = 'from-internal';
const TIMEOUT_SECONDS = 30;

// oxlint-disable-next-line eslint/no-control-regex -- control characters are the very thing to refuse
const control = /[\u0000-\u001f\u007f]/;

/** How a wish is put to Asterisk. Line breaks would let a value become another header of an AMI action. */
export function originateDefaults(
  { from, to, callerName, id }: OriginateRequest,
  { context = CONTEXT }: PbxOptions,
): OriginateDetails {
  for (const [name, value] of Object.entries({ from, to, id }))
    if (value === '' || control.test(value))
      throw new RefusalError(`${name} is empty or holds control characters`);
  const name = callerName?.replaceAll(/["<>\\]/g, '').replace(new RegExp(control, 'g'), ' ');
  return {
    endpoint: from.includes('/') ? from : `PJSIP/${from}`,
    context,
    callerId: name === undefined || name === '' ? from : `"${name}" <${from}>`,
    timeoutSeconds: TIMEOUT_SECONDS,
  };
}
