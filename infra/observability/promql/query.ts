import { assertNever } from '@trunkline/service-kit';

/** A query as far as our rules use the language. What is not here is refused when it is read, not guessed at. */
export type Query =
  | { readonly kind: 'number'; readonly value: number }
  | Selector
  | { readonly kind: 'call'; readonly name: string; readonly parameters: readonly Query[] }
  | {
      readonly kind: 'aggregate';
      readonly operator: string;
      readonly grouping: LabelChoice;
      readonly operand: Query;
    }
  | Binary
  | { readonly kind: 'negate'; readonly operand: Query };

export interface Selector {
  readonly kind: 'selector';
  readonly metric: string;
  readonly matchers: readonly Matcher[];
  /** Null: the newest value. */
  readonly rangeSeconds: number | null;
}

export interface Matcher {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

/** Labels that are looked at, or all but some. */
export interface LabelChoice {
  readonly only: boolean;
  readonly labels: readonly string[];
}

export interface Binary {
  readonly kind: 'binary';
  readonly operator: string;
  /** Compares to 0 and 1 instead of leaving out what does not compare. */
  readonly bool: boolean;
  readonly matching: LabelChoice;
  readonly left: Query;
  readonly right: Query;
}

/** Every selector in a query, for whoever checks its names. */
export function selectorsIn(query: Query): readonly Selector[] {
  switch (query.kind) {
    case 'number':
      return [];
    case 'selector':
      return [query];
    case 'call':
      return query.parameters.flatMap(selectorsIn);
    case 'aggregate':
    case 'negate':
      return selectorsIn(query.operand);
    case 'binary':
      return [...selectorsIn(query.left), ...selectorsIn(query.right)];
    default:
      return assertNever(query, 'query');
  }
}
