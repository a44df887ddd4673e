import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { allAlerts } from './alerts/all-alerts.ts';
import { allDefinitions, exposed } from './catalogue.ts';
import { rateInterval } from './dashboard/panel.ts';
import { rows } from './dashboard/rows.ts';
import { parseQuery } from './promql/parse-query.ts';
import { problemsOf } from './promql/problems-of.ts';
import { writtenFiles } from './written-files.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const files = writtenFiles();

test.each(Object.keys(files))(
  '%s is as the code writes it (node infra/observability/generate.ts)',
  (path) => {
    expect(read(path)).toBe(files[path]);
  },
);

const panels = rows.flatMap((row) => row.panels);

describe('the dashboard', () => {
  const queries = panels.flatMap(({ title, queries: own }) => own.map(({ query }) => ({ title, query })));

  it.each(queries)('$title asks for what is measured: $query', ({ query }) => {
    expect(problemsOf(parseQuery(query.replaceAll(rateInterval, '5m')), exposed)).toEqual([]);
  });

  it('gives each panel a place of its own', () => {
    const { panels: placed } = JSON.parse(
      files['infra/observability/generated/trunkline-dashboard.json'] ?? '',
    ) as {
      panels: { id: number; gridPos: { x: number; y: number; w: number; h: number } }[];
    };
    const cells = placed.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)}/${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(placed.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
    expect(placed).toHaveLength(panels.length + rows.length);
  });
});

describe('the rules', () => {
  interface Rule {
    readonly alert: string;
    readonly expr: string;
    readonly annotations: { readonly runbook_url: string };
  }
  const { groups } = parse(files['infra/observability/generated/trunkline-rules.yaml'] ?? '') as {
    groups: { rules: Rule[] }[];
  };
  const rules = groups.flatMap((group) => group.rules);

  it('hold every alert with its query', () => {
    expect(rules.map(({ alert, expr }) => [alert, expr])).toEqual(
      allAlerts.map(({ name, query }) => [name, query]),
    );
  });

  it('each links to a section of the runbooks', () => {
    const page = read('docs/runbooks/README.md');
    const anchors = [...page.matchAll(/^### (\w+)$/gm)].map(([, heading = '']) => heading.toLowerCase());
    expect(rules.map(({ annotations }) => annotations.runbook_url.split('#')[1])).toEqual(anchors);
  });

  it('can be written for another place', () => {
    const own = writtenFiles('https://wiki.example.com/trunkline')[
      'infra/observability/generated/trunkline-rules.yaml'
    ];
    expect(own).toContain('runbook_url: https://wiki.example.com/trunkline#trunklinestreamstalled');
  });
});

describe('the catalogue', () => {
  it('names each metric once', () => {
    const names = allDefinitions.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('has no label that grows with calls, phones or tenants', () => {
    const labels = allDefinitions.flatMap((definition) => Object.keys(definition.labels ?? {}));
    expect(labels.filter((label) => /call|extension|phone|number|tenant|user|pbx|id$/.test(label))).toEqual(
      [],
    );
  });

  it('is where all code of apps and packages takes its metrics from', () => {
    const inCode = ['apps', 'packages']
      .flatMap(sourcesOf)
      .flatMap((path) => [...read(path).matchAll(/name: ['"`](trunkline_[^'"`]*)/g)]);
    const names = inCode.map(([, name = '']) => name);
    expect(names.toSorted()).toEqual(allDefinitions.map(({ name }) => name).toSorted());
  });
});

/** What runs in production: no tests, and nothing that only tests use. */
const sourcesOf = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !/\.test\.ts$|node_modules/.test(path))
    .filter((path) => path.split(sep)[1] === 'src' && !path.split(sep).includes('testing'))
    .map((path) => join(folder, path));
