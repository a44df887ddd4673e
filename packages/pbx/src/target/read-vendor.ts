import { isVendor, vendors, type Vendor } from '../port/target.ts';
import { TargetError } from './target-error.ts';

export function readVendor(text: string): Vendor {
  if (isVendor(text)) return text;
  throw new TargetError(
    'vendor',
    `There is no adapter for ${JSON.stringify(text)}: one of ${vendors.join(', ')}.`,
  );
}
