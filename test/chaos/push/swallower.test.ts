import { expect, it } from 'vitest';
import { publishedIn, Swallower } from './swallower.ts';
import type { Watcher } from '@trunkline/backing-services/testing';

function published(channel: string, text: string, mark = '>'): string {
  const parts = ['message', channel, text].map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
  return `${mark}3\r\n${parts.join('')}`;
}
const entry = (id: string) => published('f:{t}:live', `e1 ${id}-0 0-0 ${id} -\n{"x":"ü\\r\\n"}`);

it('whole messages of a feed are known by their ids, in both versions of the protocol, and probes pass for none', () => {
  expect(publishedIn(Buffer.from(entry('1') + entry('2')))).toEqual(['1', '2']);
  expect(publishedIn(Buffer.from(entry('1').replace('>', '*')))).toEqual(['1']);
  expect(publishedIn(Buffer.from(published('probe', '')))).toEqual([]);
});

it('a part of a message, or an answer beside one, is left alone', () => {
  expect(publishedIn(Buffer.from(entry('1').slice(0, -3)))).toEqual([]);
  expect(publishedIn(Buffer.from(`${entry('1')}+OK\r\n`))).toEqual([]);
  expect(publishedIn(Buffer.from('*1\r\n$2\r\nhi\r\n'))).toEqual([]);
});

it('swallows as many pieces as it is told, and the condemned one', () => {
  let watcher: Watcher | null = null;
  const swallower = new Swallower({ watch: (one) => (watcher = one) });
  const rule = (id: string) => watcher?.('down', Buffer.from(entry(id)));
  expect(rule('1')).toBe('pass');
  swallower.swallow(1);
  expect([rule('2'), rule('3')]).toEqual(['swallow', 'pass']);
  swallower.condemn('9');
  expect([rule('8'), rule('9')]).toEqual(['pass', 'swallow']);
  expect([...swallower.swallowed]).toEqual(['2', '9']);
});
