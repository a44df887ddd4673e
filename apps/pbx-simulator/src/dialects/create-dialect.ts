import type { Dialect as Vendor } from '../contract/simulator.ts';
import { createAmiDialect } from './ami/ami-dialect.ts';
import { createAriDialect } from './ari/ari-dialect.ts';
import type { Dialect, DialectContext } from './dialect.ts';
import { createYeastarDialect } from './yeastar/yeastar-dialect.ts';

const dialects: Record<Vendor, (context: DialectContext) => Dialect> = {
  yeastar: createYeastarDialect,
  'asterisk-ari': createAriDialect,
  'asterisk-ami': createAmiDialect,
};

export function createDialect(vendor: Vendor, context: DialectContext): Dialect {
  return dialects[vendor](context);
}
