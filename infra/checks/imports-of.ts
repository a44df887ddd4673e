import { Visitor } from 'oxc-parser';
import type { Program } from 'oxc-parser';

export type Import = {
  readonly specifier: string;
  readonly typeOnly: boolean;
  /** Offset in the source. */
  readonly at: number;
};

/** An import whose specifier is computed: nobody can say what it reaches. */
export const computed = '(computed)';

/** Everything a module imports: statements, re-exports, import(), require() and types by import(). */
export function importsOf(program: Program): Import[] {
  const found: Import[] = [];
  const add = (specifier: unknown, typeOnly: boolean, at: number) =>
    found.push({ specifier: typeof specifier === 'string' ? specifier : computed, typeOnly, at });
  new Visitor({
    ImportDeclaration: (node) => {
      const named = node.specifiers.filter((one) => one.type === 'ImportSpecifier');
      const typesOnly = named.length > 0 && named.length === node.specifiers.length;
      const typeOnly =
        node.importKind === 'type' || (typesOnly && named.every((one) => one.importKind === 'type'));
      add(node.source.value, typeOnly, node.start);
    },
    ExportAllDeclaration: (node) => add(node.source.value, node.exportKind === 'type', node.start),
    ExportNamedDeclaration: (node) => {
      if (node.source === null) return;
      const { specifiers } = node;
      const everyType = specifiers.length > 0 && specifiers.every((one) => one.exportKind === 'type');
      add(node.source.value, node.exportKind === 'type' || everyType, node.start);
    },
    ImportExpression: (node) => add(literal(node.source), false, node.start),
    TSImportType: (node) => add(node.source.value, true, node.start),
    TSImportEqualsDeclaration: (node) => {
      const { moduleReference } = node;
      if (moduleReference.type !== 'TSExternalModuleReference') return;
      add(moduleReference.expression.value, node.importKind === 'type', node.start);
    },
    CallExpression: (node) => {
      const { callee } = node;
      if (callee.type !== 'Identifier' || callee.name !== 'require') return;
      add(literal(node.arguments[0]), false, node.start);
    },
  }).visit(program);
  return found;
}

function literal(node: { readonly type: string; readonly value?: unknown } | undefined): unknown {
  if (node?.type === 'Literal') return node.value;
  const template = node as
    | { quasis?: { value: { cooked: string | null } }[]; expressions?: unknown[] }
    | undefined;
  return node?.type === 'TemplateLiteral' && template?.expressions?.length === 0
    ? template.quasis?.[0]?.value.cooked
    : undefined;
}
