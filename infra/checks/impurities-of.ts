import { Visitor } from 'oxc-parser';
import type { Program } from 'oxc-parser';

export type Impurity = { readonly what: string; readonly at: number };

/** Members that read the clock or chance; the rest of these objects is arithmetic. */
const impureMembers = new Set(['Date.now', 'Math.random', 'Temporal.Now']);

/** Objects of which every member reads or changes the world. */
const impureObjects = new Set(['process', 'console', 'performance', 'crypto', 'globalThis']);

/** Functions that wait, ask or schedule. */
const impureCalls = new Set(['Date', 'fetch', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask']);

/** Where a module reads a clock, chance or the world around it. */
export function impuritiesOf(program: Program): Impurity[] {
  const found: Impurity[] = [];
  new Visitor({
    MemberExpression: (node) => {
      if (node.object.type !== 'Identifier') return;
      const { name } = node.object;
      const property = node.property as { readonly name?: string; readonly value?: unknown };
      const member = `${name}.${property.name ?? String(property.value)}`;
      if (impureObjects.has(name) || impureMembers.has(member)) found.push({ what: member, at: node.start });
    },
    NewExpression: (node) => {
      const { callee } = node;
      if (callee.type !== 'Identifier' || callee.name !== 'Date' || node.arguments.length > 0) return;
      found.push({ what: 'new Date()', at: node.start });
    },
    CallExpression: (node) => {
      const { callee } = node;
      if (callee.type !== 'Identifier' || !impureCalls.has(callee.name)) return;
      found.push({ what: `${callee.name}()`, at: node.start });
    },
  }).visit(program);
  return found;
}
