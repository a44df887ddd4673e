import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeCommands } from '../../apps/cli/src/describe-commands.ts';
import { brokenLinks, pagesOf, unknownCommands, unknownVariables } from './check-pages.ts';
import { anchorOf, anchorsOf, linksOf } from './read-markdown.ts';
import { referencePages } from './reference-pages.ts';
import { settingsOfApps } from './settings-of-apps.ts';

const root = join(import.meta.dirname, '..', '..');
const pages = pagesOf(root);
const variables = [
  ...settingsOfApps().map(({ variable }) => variable),
  // Of the launcher and the tools; the configuration page tells of them by hand.
  'TRUNKLINE_BACKING',
  'TRUNKLINE_CONSOLE_API',
  'TRUNKLINE_ENV',
];
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};
const commands = describeCommands();
const only = (page: string) =>
  new Map([
    ['docs/page.md', page],
    ['README.md', '# Trunkline'],
  ]);

describe('the manual', () => {
  it.each(referencePages())('$path is what `npm run docs` writes', ({ path, text }) => {
    expect(readFileSync(join(root, path), 'utf8'), `${path} is out of date: npm run docs`).toBe(text);
  });

  it('has no link that leads nowhere', () => {
    expect(brokenLinks(pages, root)).toEqual([]);
  });

  it('names no variable that nobody reads', () => {
    expect(unknownVariables(pages, variables)).toEqual([]);
  });

  it('has nobody type what does not exist', () => {
    expect(unknownCommands(pages, Object.keys(scripts), commands)).toEqual([]);
  });
});

describe('what is wrong with a page', () => {
  it.each([
    ['[a](missing.md)', 'there is no docs/missing.md'],
    ['[a](../README.md#nowhere)', 'README.md has no heading #nowhere'],
    ['[a](#nowhere)', 'docs/page.md has no heading #nowhere'],
    ['[a](../../elsewhere.md)', 'leads out of the repository'],
    ['[a](/docs/README.md)', 'write it relative'],
    ['[a](../package.json#scripts)', 'is no page with headings'],
    ['![a](screenshots/none.png)', 'there is no docs/screenshots/none.png'],
    ['<img src="screenshots/none.png">', 'there is no docs/screenshots/none.png'],
    ['[a]: gone.md', 'there is no docs/gone.md'],
    ['[a](http://example.com)', 'is not https'],
    ['see http://example.com', 'is not https'],
    ['[a](https://nowhere)', 'names no host'],
    ['[a](https://)', 'is no address'],
  ])('%s', (page, problem) => {
    expect(brokenLinks(only(page), root)).toEqual([expect.stringContaining(problem)]);
  });

  it('is no code, and no link that leads somewhere', () => {
    const page =
      '# A `b`: c!\n\n`[a](none.md)` [a](#a-b-c) [b](../README.md) <https://example.com/x>\n\n```\n[a](none.md)\n```\n';
    expect(linksOf(page)).toHaveLength(2);
    expect(brokenLinks(only(page), root)).toEqual([]);
  });

  it('is judged by the anchors that GitHub makes', () => {
    expect(anchorOf('8. Endings')).toBe('8-endings');
    expect(anchorOf('A [link](x.md), `code_x` & more')).toBe('a-link-code_x--more');
    expect([...anchorsOf('# One\n## One\n```\n# No\n```\n<a id="two"></a>')]).toEqual([
      'one',
      'one-1',
      'two',
    ]);
  });

  it.each(['`TRUNKLINE_NOPE`', 'TRUNKLINE_NOPE_…', '`TRUNKLINE_PBX_DEMO_PASSWORD`'])('%s', (page) => {
    expect(unknownVariables(only(page), variables)).toHaveLength(1);
  });

  it.each([
    ['`npm run nope`', 'no script nope'],
    ['`npm run trunkline -- calls nope`', 'no such command'],
    ['```sh\nnpm run trunkline -- pbx add "Head office" --vendr yeastar\n```', 'no option --vendr'],
    ['```sh\ntrunkline calls cleanup --timeout=1 --dryrun\n```', 'no option --dryrun'],
  ])('%s', (page, problem) => {
    expect(unknownCommands(only(page), Object.keys(scripts), commands)).toEqual([
      expect.stringContaining(problem),
    ]);
  });
});
