import { describe, expect, it } from 'vitest';
import { ToldRow } from '../feed/told-row.ts';
import { conflate } from './conflate.ts';

const told = (type: ToldRow['type'], row: Record<string, unknown>) => new ToldRow(type, row);
const of = (rows: readonly ToldRow[]) => conflate(rows).map(({ type, row }) => [type, row]);

describe('[DATA3] rows for somebody who is told late', () => {
  it('are the newest of each thing, whatever the order', () => {
    expect(
      of([
        told('extension_update', { pbx: 'p', extension: '1', revision: 2 }),
        told('extension_update', { pbx: 'p', extension: '2', revision: 1 }),
        told('extension_update', { pbx: 'p', extension: '1', revision: 10 }),
        told('extension_update', { pbx: 'p', extension: '1', revision: 9 }),
        told('extension_update', { pbx: 'q', extension: '1', revision: 1 }),
      ]),
    ).toEqual([
      ['extension_update', { pbx: 'p', extension: '1', revision: 10 }],
      ['extension_update', { pbx: 'p', extension: '2', revision: 1 }],
      ['extension_update', { pbx: 'q', extension: '1', revision: 1 }],
    ]);
  });

  it('still say what is new', () => {
    expect(
      of([
        told('new_call', { pbx: 'p', call: 'a', revision: 1 }),
        told('call_update', { pbx: 'p', call: 'a', revision: 3 }),
        told('call_update', { pbx: 'p', call: 'b', revision: 4 }),
      ]),
    ).toEqual([
      ['new_call', { pbx: 'p', call: 'a', revision: 3 }],
      ['call_update', { pbx: 'p', call: 'b', revision: 4 }],
    ]);
  });

  it('of a link that came and went only the last word counts, compared as a number, and of equals the later one', () => {
    expect(
      of([
        told('pbx-disconnected', { pbx: 'p', version: '9', cleanup: null }),
        told('pbx-connected', { pbx: 'p', version: '10' }),
        told('pbx-disconnected', { pbx: 'q', version: '7', cleanup: null }),
        told('pbx-disconnected', { pbx: 'q', version: '7', cleanup: {} }),
        told('link_update', { pbx: 'p', revision: 1 }),
      ]),
    ).toEqual([
      ['pbx-connected', { pbx: 'p', version: '10' }],
      ['pbx-disconnected', { pbx: 'q', version: '7', cleanup: {} }],
      ['link_update', { pbx: 'p', revision: 1 }],
    ]);
  });

  it('are never events, of which none may be left out', () => {
    expect(() => conflate([told('notification', { user: 'u' })])).toThrow("can't be conflated");
  });
});
