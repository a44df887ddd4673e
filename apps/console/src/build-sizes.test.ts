import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Rolldown } from 'vite';
import { build } from 'vite';
import { beforeAll, describe, expect, it, vi } from 'vitest';

type Output = Rolldown.RolldownOutput['output'];

/** Limits in KiB of gzip, as the design of the console sets them. */
const limits = { script: 165, css: 20, font: 48, page: 40 };

let output: Output;

beforeAll(async () => {
  const root = join(import.meta.dirname, '..');
  // Else the test's own would count, and React would come with all that helps those who develop.
  vi.stubEnv('NODE_ENV', 'production');
  const built = await build({
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'error',
    build: { write: false },
  });
  output = (built as Rolldown.RolldownOutput).output;
  vi.unstubAllEnvs();
}, 120_000);

const chunks = () => output.filter((file) => file.type === 'chunk');
const kibOf = (text: string | Uint8Array): number => gzipSync(text).length / 1_024;

/** What the page needs before it shows anything: the entry, and what it imports by name. */
function initial(): Rolldown.OutputChunk[] {
  const byName = new Map(chunks().map((chunk) => [chunk.fileName, chunk]));
  const wanted = chunks().filter(({ isEntry }) => isEntry);
  for (const chunk of wanted) {
    for (const name of chunk.imports) {
      const next = byName.get(name);
      if (next !== undefined && !wanted.includes(next)) wanted.push(next);
    }
  }
  return wanted;
}

describe('what a browser loads', () => {
  it('first is small enough to be there within two seconds', () => {
    const kib = initial().reduce((sum, { code }) => sum + kibOf(code), 0);
    expect(kib).toBeGreaterThan(50);
    expect(kib).toBeLessThanOrEqual(limits.script);
  });

  it('of styles and fonts fits as well', () => {
    const css = output.filter(({ fileName }) => fileName.endsWith('.css'));
    const kib = css.reduce((sum, file) => sum + (file.type === 'asset' ? kibOf(file.source) : 0), 0);
    const fonts = output.filter(({ fileName }) => fileName.endsWith('.woff2'));
    expect(kib).toBeLessThanOrEqual(limits.css);
    expect(fonts).toHaveLength(1);
    expect(fonts[0]?.type === 'asset' && fonts[0].source.length / 1_024).toBeLessThanOrEqual(limits.font);
  });

  it('of styles tells the order of layers first, whichever file arrives first', () => {
    const order = ['tokens', 'base', 'ui', 'shell', 'page', 'forced'];
    const css = output.filter(({ fileName }) => fileName.endsWith('.css'));
    expect(css.length).toBeGreaterThan(3);
    for (const file of css) {
      const text = file.type === 'asset' ? String(file.source) : '';
      const named = [...text.matchAll(/@layer ([a-z, ]+)[;{]/g)].flatMap(([, names = '']) =>
        names.split(/, ?/),
      );
      const met = [...new Set(named)];
      expect([file.fileName, met]).toEqual([file.fileName, order.slice(0, met.length)]);
    }
  });

  it('for a page comes by itself, and is small', () => {
    const lazy = chunks().filter((chunk) => !initial().includes(chunk));
    expect(lazy.length).toBeGreaterThan(3);
    for (const { fileName, code } of lazy)
      expect([fileName, kibOf(code) <= limits.page]).toEqual([fileName, true]);
  });

  it('is held back by no policy: nothing lies within the page, and every name carries its content', () => {
    const html = output.find(({ fileName }) => fileName === 'index.html');
    const text = html?.type === 'asset' ? String(html.source) : '';
    expect(text).not.toMatch(/<script(?![^>]*\bsrc=)|<style|style="|\bon\w+="/);
    expect(text).toMatch(/<script type="module" crossorigin src="\/assets\/[\w-]+-[\w-]{8}\.js">/);
    expect(text).toMatch(/rel="preload"[^>]*\.woff2/);
    expect(chunks().every(({ code }) => !/new Function|\beval\(/.test(code))).toBe(true);
  });
});

it('the script that chooses the theme stores under the name that the settings have', () => {
  const script = readFileSync(join(import.meta.dirname, '..', 'public', 'theme.js'), 'utf8');
  expect(script).toContain("'trunkline.settings'");
});
