import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import type { LabelChoice, Matcher, Query, Selector } from './query.ts';

export class QueryError extends Error {
  override readonly name = 'QueryError';
}

const everyLabel: LabelChoice = { only: false, labels: [] };
const noLabel: LabelChoice = { only: true, labels: [] };

/** Reads a query with the grammar of Prometheus' own editor. Throws where it does not parse, or uses what we do not know. */
export function parseQuery(text: string): Query {
  const tree = parser.parse(text);
  tree.iterate({
    enter: ({ type, from }) => {
      if (type.isError) throw new QueryError(`no PromQL at character ${from + 1}: ${text}`);
    },
  });
  const node = tree.topNode.firstChild;
  if (node === null) throw new QueryError('an empty query');
  return new Reader(text).read(node);
}

class Reader {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  read(node: SyntaxNode): Query {
    switch (node.name) {
      case 'NumberDurationLiteral':
        return { kind: 'number', value: secondsOf(this.#of(node)) };
      case 'ParenExpr':
        return this.read(children(node)[0] ?? this.#refuse(node));
      case 'UnaryExpr':
        return this.#negated(node);
      case 'VectorSelector':
        return this.#selector(node, null);
      case 'MatrixSelector':
        return this.#range(node);
      case 'FunctionCall':
        return this.#call(node);
      case 'AggregateExpr':
        return this.#aggregate(node);
      case 'BinaryExpr':
        return this.#binary(node);
      default:
        return this.#refuse(node);
    }
  }

  #of = ({ from, to }: SyntaxNode): string => this.#text.slice(from, to);

  #refuse(node: SyntaxNode): never {
    throw new QueryError(`${node.name} is not known here: ${this.#of(node)} in ${this.#text}`);
  }

  #negated(node: SyntaxNode): Query {
    const [operator, operand] = children(node);
    if (operator === undefined || operand === undefined || this.#of(operator) !== '-')
      return this.#refuse(node);
    return { kind: 'negate', operand: this.read(operand) };
  }

  #selector(node: SyntaxNode, rangeSeconds: number | null): Selector {
    const name = node.getChild('Identifier');
    if (name === null) return this.#refuse(node);
    const matchers = (node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? []).map((each) =>
      this.#matcher(each),
    );
    return { kind: 'selector', metric: this.#of(name), matchers, rangeSeconds };
  }

  #matcher(node: SyntaxNode): Matcher {
    const [label, operator, value] = children(node).map((each) => this.#of(each));
    if (label === undefined || operator === undefined || value === undefined) return this.#refuse(node);
    const read = JSON.parse(value) as string;
    return { label, operator: operator as Matcher['operator'], value: read };
  }

  #range(node: SyntaxNode): Query {
    const selector = node.getChild('VectorSelector');
    const duration = node.getChild('DurationExpr');
    if (selector === null || duration === null) return this.#refuse(node);
    return this.#selector(selector, secondsOf(this.#of(duration)));
  }

  #call(node: SyntaxNode): Query {
    const name = node.getChild('FunctionIdentifier');
    if (name === null) return this.#refuse(node);
    return { kind: 'call', name: this.#of(name), parameters: this.#parameters(node) };
  }

  #parameters(node: SyntaxNode): Query[] {
    const body = node.getChild('FunctionCallBody');
    const written = body === null ? [] : children(body).filter(({ from, to }) => to > from);
    return written.map((each) => this.read(each));
  }

  #aggregate(node: SyntaxNode): Query {
    const operator = node.getChild('AggregateOp');
    const [operand, ...more] = this.#parameters(node);
    if (operator === null || operand === undefined || more.length > 0) return this.#refuse(node);
    const modifier = node.getChild('AggregateModifier');
    const grouping = modifier === null ? noLabel : this.#choice(modifier, 'By');
    return { kind: 'aggregate', operator: this.#of(operator), grouping, operand };
  }

  #binary(node: SyntaxNode): Query {
    const parts = children(node);
    const left = parts[0];
    const right = parts.at(-1);
    const operator = parts[1];
    if (left === undefined || right === undefined || operator === undefined) return this.#refuse(node);
    const clause = node.getChild('MatchingModifierClause');
    if (clause?.getChild('GroupLeft') ?? clause?.getChild('GroupRight')) return this.#refuse(node);
    return {
      kind: 'binary',
      operator: this.#of(operator),
      bool: node.getChild('BoolModifier') !== null,
      matching: clause === null ? everyLabel : this.#choice(clause, 'On'),
      left: this.read(left),
      right: this.read(right),
    };
  }

  #choice(node: SyntaxNode, word: string): LabelChoice {
    const labels = node.getChild('GroupingLabels')?.getChildren('LabelName') ?? [];
    return { only: node.getChild(word) !== null, labels: labels.map((label) => this.#of(label)) };
  }
}

function children(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) found.push(child);
  return found;
}

const units: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };

/** `90`, `1.5` or `1h30m`. */
export function secondsOf(text: string): number {
  const plain = Number(text);
  if (text !== '' && !Number.isNaN(plain)) return plain;
  if (!/^(?:\d+(?:ms|[smhdw]))+$/.test(text)) throw new QueryError(`"${text}" is no number and no duration`);
  let seconds = 0;
  for (const [, amount, unit = ''] of text.matchAll(/(\d+)(ms|[smhdw])/g))
    seconds += Number(amount) * (units[unit] ?? 0);
  return seconds;
}
