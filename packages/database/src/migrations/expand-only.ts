/**
 * Why services of the version before would not live with this statement of a migration, beside which they go on for as long as
 * a rolling upgrade takes; null where they do. What is on the way out goes one version later, when nobody uses it any more.
 */
export function breaksOlderServices(statement: string): readonly string[] | null {
  const plain = withoutTexts(statement);
  const reasons = rules.filter(({ matches }) => matches(plain)).map(({ why }) => why);
  return reasons.length === 0 ? null : [...new Set(reasons)];
}

interface Rule {
  readonly why: string;
  readonly matches: (statement: string) => boolean;
}

const takes = 'takes something away';
const wants = 'wants what they do not give';

const rules: readonly Rule[] = [
  {
    why: takes,
    matches: (statement) =>
      /^(drop (table|view|function|schema|type|column)|truncate|delete)\b/.test(statement),
  },
  {
    why: takes,
    matches: (statement) =>
      partsOf(statement).some((part) => /^drop (?!constraint)|^alter .*\bdrop default\b/.test(part)),
  },
  { why: 'renames', matches: (statement) => /\brename\b/.test(statement) },
  {
    why: 'changes a type',
    matches: (statement) => partsOf(statement).some((part) => /^alter .*\btype\b/.test(part)),
  },
  {
    why: wants,
    matches: (statement) =>
      partsOf(statement).some(
        (part) =>
          /^alter .*\bset not null\b/.test(part) ||
          /^add constraint\b/.test(part) ||
          (/^add\b.*\bnot null\b/.test(part) && !/\bdefault\b|\bgenerated\b/.test(part)),
      ),
  },
  { why: wants, matches: (statement) => /^create unique index\b/.test(statement) },
];

/** What an `alter table` does, one by one; nothing of any other statement. */
function partsOf(statement: string): string[] {
  const changes = /^alter table (?:if exists )?(?:only )?\S+ (.*)$/.exec(statement)?.[1];
  return changes === undefined ? [] : outsideOfParentheses(changes).map((part) => part.trim());
}

function outsideOfParentheses(text: string): string[] {
  const parts: string[] = [''];
  let depth = 0;
  for (const letter of text) {
    if (letter === '(') depth += 1;
    if (letter === ')') depth -= 1;
    if (letter === ',' && depth === 0) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${letter}`);
  }
  return parts;
}

/** Texts and comments say nothing about what is done. */
const withoutTexts = (statement: string): string =>
  statement
    .replace(/--.*$/gm, ' ')
    .replace(/\$\$.*?\$\$|'(?:[^']|'')*'/gs, `''`)
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
