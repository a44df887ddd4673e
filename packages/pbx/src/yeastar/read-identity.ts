import type { Logger } from '@trunkline/service-kit';
import type { PbxIdentity } from '../port/connection.ts';
import { isFields, textOf, wholeNumberOf, type Fields } from './fields.ts';
import { readPages } from './read-pages.ts';
import type { Rest } from './rest.ts';

/** The first field that tells it: names differ between editions, and some nest it under `data`. */
function tell(fields: Fields, names: readonly string[]): string | null {
  for (const place of [fields, fields.data]) {
    if (!isFields(place)) continue;
    for (const name of names) {
      const text = textOf(place[name]);
      if (text !== '') return text.slice(0, 200);
    }
  }
  return null;
}

export function readIdentity(fields: Fields): Omit<PbxIdentity, 'warnings'> {
  const model = tell(fields, ['product', 'model', 'device_name', 'product_name']);
  const firmware = tell(fields, ['firmware', 'firmware_version', 'version', 'fw_version']);
  const product = [model, firmware].filter((part) => part !== null).join(' ');
  return {
    product: product === '' ? null : product,
    serial: tell(fields, ['sn', 'serial', 'serial_number']),
    // The PBX tells no such thing: an uptime would drift between two readings.
    startMark: null,
  };
}

/** Enough to see that something is off; nobody reads a list of thousands. */
const PAGES_ENOUGH = 5;
const NAMED_MAX = 20;

/** Phones whose events the PBX keeps to itself, because nobody switched them on. Failing to read it is a warning too. */
export async function readMonitorWarnings(
  rest: Rest,
  logger: Logger,
  signal: AbortSignal,
): Promise<string[]> {
  try {
    const list = { name: 'extension_status_monitor/list', enoughPages: PAGES_ENOUGH };
    const rows = await readPages(rest, list, signal);
    return [
      ...warn(rows, 'enb_call_status', 'call status'),
      ...warn(rows, 'enb_register_status', 'registration status'),
      ...warn(rows, 'enb_presence_status', 'presence'),
    ];
  } catch (error) {
    logger.debug({ err: error }, 'the list of monitored extensions could not be read');
    return [
      'Which extensions are monitored could not be read. Check at the PBX that their status monitor is on.',
    ];
  }
}

function warn(rows: readonly Fields[], field: string, what: string): string[] {
  const off = rows.filter((row) => wholeNumberOf(row[field]) === 0).map((row) => textOf(row.number));
  if (off.length === 0) return [];
  const named = off.slice(0, NAMED_MAX).join(', ');
  const more = off.length > NAMED_MAX ? ` and ${off.length - NAMED_MAX} more` : '';
  return [`The PBX does not tell the ${what} of ${named}${more}. Switch on their status monitor at the PBX.`];
}
