import { asteriskAmi } from './asterisk-ami/adapter.ts';
import { asteriskAri } from './asterisk-ari/adapter.ts';
import type { PbxAdapter } from './port/connection.ts';
import type { Vendor } from './port/target.ts';
import { yeastar } from './yeastar/adapter.ts';

/** All adapters there are, by vendor. */
export const adapters: Readonly<Record<Vendor, PbxAdapter>> = {
  yeastar,
  'asterisk-ari': asteriskAri,
  'asterisk-ami': asteriskAmi,
};
