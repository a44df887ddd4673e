import { describe, expect, it } from 'vitest';
import { createShortcuts, pairMs, type Pressed } from './shortcuts.ts';

function lab() {
  let now = 0;
  const did: string[] = [];
  const shortcuts = createShortcuts(() => now);
  const add = (keys: string, name = keys) =>
    shortcuts.register({ keys, label: name, section: '', run: () => void did.push(name) });
  const press = (key: string, more: Partial<Pressed> = {}) =>
    shortcuts.press({
      key,
      ctrlKey: false,
      metaKey: false,
      altKey: false,
      isComposing: false,
      isTyping: false,
      ...more,
    });
  return { shortcuts, did, add, press, pass: (ms: number) => void (now += ms) };
}

describe('keys', () => {
  it('do what was said last, until it is taken back', () => {
    const { add, press, did } = lab();
    add('Escape', 'page');
    const remove = add('Escape', 'panel');
    press('Escape');
    remove();
    press('Escape');
    expect(did).toEqual(['panel', 'page']);
  });

  it('come in pairs, within a moment', () => {
    const { add, press, did, pass } = lab();
    add('g w');
    add('w');
    expect([press('g'), press('w')]).toEqual([false, true]);
    press('g');
    pass(pairMs);
    press('w');
    press('g');
    press('x');
    press('w');
    expect(did).toEqual(['g w', 'w', 'w']);
  });

  it('mean nothing while somebody types or composes, but for Escape and commands', () => {
    const { add, press, did } = lab();
    for (const keys of ['f', '/', 'Escape', 'Mod+k']) add(keys);
    press('f', { isTyping: true });
    press('f', { isComposing: true });
    press('f', { altKey: true });
    press('f', { ctrlKey: true });
    expect(did).toEqual([]);
    press('Escape', { isTyping: true });
    press('K', { metaKey: true, isTyping: true });
    expect(did).toEqual(['Escape', 'Mod+k']);
  });

  it('are listed, the same list until one changes', () => {
    const { shortcuts, add } = lab();
    add('a');
    const list = shortcuts.list();
    expect(shortcuts.list()).toBe(list);
    add('b');
    expect(shortcuts.list().map(({ keys }) => keys)).toEqual(['a', 'b']);
  });
});
