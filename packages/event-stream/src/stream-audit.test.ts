import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditRead, lagOf, UNALIGNED } from './stream-audit.ts';
import type { StreamFacts } from './stream-audit.ts';

/** A stream as Redis keeps it, ids being `n-0`. */
class ModelStream {
  readonly ids: number[] = [];
  added = 0;
  lastId = 0;

  add(id: number): void {
    this.ids.push(id);
    this.added++;
    this.lastId = id;
  }

  trim(count: number): void {
    this.ids.splice(0, count);
  }

  facts(): StreamFacts {
    const first = this.ids[0];
    return {
      length: this.ids.length,
      entriesAdded: this.added,
      lastGeneratedId: `${this.lastId}-0`,
      firstEntryId: first === undefined ? null : `${first}-0`,
    };
  }

  read(after: number, count: number) {
    const ids = this.ids.filter((id) => id > after).slice(0, count);
    return {
      ids,
      read: { after: `${after}-0`, entries: ids.length, reachedEnd: ids.length < count, facts: this.facts() },
    };
  }
}

describe('auditRead', () => {
  it('finds every entry that was cut off unread, and counts them exactly, whatever the order of events', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('add' as const), count: fc.integer({ min: 1, max: 5 }) }),
      fc.record({ do: fc.constant('trim' as const), count: fc.integer({ min: 1, max: 5 }) }),
      fc.record({ do: fc.constant('read' as const), count: fc.integer({ min: 1, max: 5 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const stream = new ModelStream();
        let [next, after, position, seen, lost] = [1, 0, 0, 0, 0];
        const consume = (count: number) => {
          const { ids, read } = stream.read(after, count);
          const verdict = auditRead(read, position);
          expect(verdict.kind).not.toBe('reset');
          if (verdict.kind === 'reset') return;
          if (verdict.kind === 'lost') lost += verdict.lost;
          position = verdict.position + ids.length;
          seen += ids.length;
          after = ids.at(-1) ?? (verdict.kind === 'lost' ? stream.lastId : after);
        };
        for (const { do: what, count } of steps) {
          if (what === 'add') for (let index = 0; index < count; index++) stream.add(next++);
          else if (what === 'trim') stream.trim(count);
          else if (stream.added > 0) consume(count);
        }
        if (stream.added === 0) return;
        while (stream.ids.some((id) => id > after)) consume(3);
        consume(1_000);
        expect(seen + lost).toBe(stream.added);
        expect(position).toBe(stream.added);
        expect(lagOf(stream.facts(), position)).toBe(0);
      }),
    );
  });

  const facts = { length: 3, entriesAdded: 10, lastGeneratedId: '20-0', firstEntryId: '15-0' };

  it.each([
    ['a stream that vanished', { after: '5-0', entries: 0, reachedEnd: true, facts: null }, 5],
    ['a stream that ends before the offset', { after: '21-0', entries: 0, reachedEnd: true, facts }, 10],
    [
      'a stream that counts anew, though its ids went on',
      { after: '14-0', entries: 3, reachedEnd: true, facts },
      100,
    ],
    ['the same, seen from its start', { after: '14-0', entries: 2, reachedEnd: false, facts }, 100],
  ])('calls %s a reset', (_what, read, position) => {
    expect(auditRead(read, position)).toEqual({ kind: 'reset' });
  });

  it('takes no stream at all for sound when nothing was read yet', () => {
    const read = { after: '0-0', entries: 0, reachedEnd: true, facts: null };
    expect(auditRead(read, 0)).toEqual({ kind: 'sound', position: UNALIGNED });
  });

  it('aligns a new group without calling it a loss that the stream was trimmed before', () => {
    const read = { after: '0-0', entries: 2, reachedEnd: false, facts };
    expect(auditRead(read, UNALIGNED)).toEqual({ kind: 'sound', position: 7 });
  });

  it('says nothing about positions where Redis is too old to count', () => {
    const read = { after: '14-0', entries: 3, reachedEnd: true, facts: { ...facts, entriesAdded: null } };
    expect(auditRead(read, 5)).toEqual({ kind: 'sound', position: UNALIGNED });
    expect(lagOf(read.facts, UNALIGNED)).toBe(3);
  });
});
