import { expect, it } from 'vitest';
import { Outbox, type Author, type Place } from './outbox.ts';

function slowSink(room: number) {
  const sink = {
    waiting: 0,
    get isFull() {
      return sink.waiting >= room;
    },
    written: [] as string[],
    write(bytes: Buffer) {
      sink.written.push(bytes.toString());
      sink.waiting += bytes.length;
    },
    free() {
      sink.waiting = 0;
    },
  };
  return { sink, outbox: new Outbox(sink, { queueBytesMax: 20 }) };
}

const author = () => {
  const stood: number[] = [];
  return { stood, setAside: ({ sequence }: Place) => void stood.push(sequence) };
};

const told = (by: Author, sequence: number) => ({ author: by, before: { sequence, offset: '0-0' } });

it('what a free socket can take is written at once', () => {
  const { sink, outbox } = slowSink(100);
  outbox.push(Buffer.from('a'));
  outbox.push(Buffer.from('b'));
  expect([sink.written, outbox.isFree]).toEqual([['a', 'b'], true]);
});

it('what it can’t take waits, in order', () => {
  const { sink, outbox } = slowSink(4);
  for (const text of ['aaaa', 'bbbb', 'cccc']) outbox.push(Buffer.from(text));
  expect([sink.written, outbox.isFree, outbox.bytes]).toEqual([['aaaa'], false, 12]);
  sink.free();
  outbox.drain();
  expect(sink.written).toEqual(['aaaa', 'bbbb']);
  sink.free();
  outbox.drain();
  expect([sink.written, outbox.isFree, outbox.bytes]).toEqual([['aaaa', 'bbbb', 'cccc'], false, 4]);
  sink.free();
  expect(outbox.isFree).toBe(true);
});

it('beyond the bound everything that can be told again is taken back, each author to where it stood', () => {
  const { sink, outbox } = slowSink(4);
  const [one, other] = [author(), author()];
  outbox.push(Buffer.from('full'));
  outbox.push(Buffer.from('one-1'), told(one, 7));
  outbox.push(Buffer.from('pong'));
  outbox.push(Buffer.from('other'), told(other, 9));
  expect(outbox.push(Buffer.from('one-2--'), told(one, 8))).toBe(true);
  expect([one.stood, other.stood]).toEqual([[7], [9]]);
  sink.free();
  outbox.drain();
  expect(sink.written).toEqual(['full', 'pong']);
});

it('says when a socket takes nothing at all', () => {
  const { outbox } = slowSink(1);
  outbox.push(Buffer.from('x'));
  expect(outbox.push(Buffer.from('answer'.repeat(3)))).toBe(true);
  expect(outbox.push(Buffer.from('answer'))).toBe(false);
});
