import type { Exposed } from '../catalogue.ts';
import { selectorsIn, type Query, type Selector } from './query.ts';

/** Metrics that Node and the process tell of themselves, by the library. */
const libraryMetric = /^(?:process|nodejs)_/;

/** What a query asks for that nobody measures: a name, a label, a value that its label never has. */
export const problemsOf = (query: Query, exposed: ReadonlyMap<string, Exposed>): string[] =>
  selectorsIn(query).flatMap((selector) => problemsOfSelector(selector, exposed));

function problemsOfSelector({ metric, matchers }: Selector, exposed: ReadonlyMap<string, Exposed>): string[] {
  if (libraryMetric.test(metric)) return [];
  const known = exposed.get(metric);
  if (known === undefined) return [`nobody measures ${metric}`];
  return matchers.flatMap(({ label, operator, value }) => {
    if (!known.labels.includes(label)) return [`${metric} has no label ${label}`];
    const values = known.definition.labels?.[label];
    const isNamed = operator === '=' || operator === '!=';
    if (!isNamed || values === undefined || typeof values === 'string' || values.includes(value)) return [];
    return [`${metric} is never labelled ${label}="${value}"`];
  });
}
