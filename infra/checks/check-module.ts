import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { parseSync } from 'oxc-parser';
import { impuritiesOf } from './impurities-of.ts';
import { computed, importsOf } from './imports-of.ts';
import type { Import } from './imports-of.ts';
import { openPaths, roomRules, startUpOnly } from './room-rules.ts';
import type { RoomRule } from './room-rules.ts';

export type Module = {
  /** From the root of the checkout, with slashes. */
  readonly path: string;
  readonly source: string;
};

export type Declared = {
  /** What the room's package.json lists for its users. */
  readonly dependencies: ReadonlySet<string>;
  /** What it, or the root, lists for its builders. */
  readonly devDependencies: ReadonlySet<string>;
};

export type Violation = { readonly path: string; readonly line: number; readonly message: string };

const scope = '@trunkline/';

/** The folder that a file belongs to, as the table of rules names it. */
export function roomOf(path: string): string {
  const [first = '', second = ''] = path.split('/');
  if (first === 'packages' || first === 'apps') return `${first}/${second}`;
  return path.includes('/') ? first : 'root';
}

/** Tests, what exists for them, and the configuration of tools may reach further than what runs in production. */
export function isTestFile(path: string): boolean {
  return (
    /\.(?:test|bench|config)\.tsx?$/.test(path) ||
    /(?:^|\/)testing(?:\/|\.ts$)/.test(path) ||
    path.startsWith('test/')
  );
}

/** Every way in which a module breaks the rules of its room. */
export function checkModule(module: Module, declared: Declared): Violation[] {
  const { path, source } = module;
  const room = roomOf(path);
  const rule = roomRules[room];
  if (rule === undefined) {
    return [
      {
        path,
        line: 1,
        message: `${room} has no rule. Add it to infra/checks/room-rules.ts with its reason.`,
      },
    ];
  }
  const { program, errors } = parseSync(path, source);
  if (errors[0] !== undefined) return [{ path, line: 1, message: `cannot be read: ${errors[0].message}` }];
  const problems = importsOf(program).flatMap((one) => {
    const message = judge(one, { path, room, rule, declared });
    return message === undefined ? [] : [{ at: one.at, message }];
  });
  if (rule.pure === true && !isTestFile(path)) {
    problems.push(
      ...impuritiesOf(program).map(({ what, at }) => ({
        at,
        message: `${room} uses ${what}, and it is pure: ${purity}`,
      })),
    );
  }
  return problems.map(({ at, message }) => ({ path, line: lineAt(source, at), message }));
}

const purity =
  'times, ids and chance come in as arguments, so that every run of a rule gives the same answer';

type Context = {
  readonly path: string;
  readonly room: string;
  readonly rule: RoomRule;
  readonly declared: Declared;
};

/** Undefined when the import is fine, else what is wrong with it and why. */
function judge({ specifier, typeOnly }: Import, context: Context): string | undefined {
  if (specifier === computed) return judgeComputed(context);
  if (specifier.startsWith('.')) return judgePath(specifier, context);
  if (isBuiltin(specifier)) return judgeBuiltin(specifier, context);
  if (specifier.startsWith(scope))
    return judgeRoom(specifier, typeOnly, context) ?? judgeDeclared(specifier, context);
  return judgeDeclared(specifier, context);
}

function judgeComputed({ path, room }: Context): string | undefined {
  if (isTestFile(path) || room === 'infra') return undefined;
  return `${room} computes what it imports, so that nobody can say what it reaches. Name it.`;
}

function judgePath(specifier: string, { path, room }: Context): string | undefined {
  const target = posix.normalize(posix.join(posix.dirname(path), specifier));
  if (roomOf(target) === room) return undefined;
  if (openPaths.some(({ from, to }) => from.test(path) && to.test(target))) return undefined;
  return `${specifier} leaves ${room} by path. Rooms meet only by package name (${scope}...), where each says what it exports.`;
}

function judgeBuiltin(specifier: string, { path, room, rule }: Context): string | undefined {
  if (rule.browserSafe !== true || isTestFile(path)) return undefined;
  return `${room} imports ${specifier}, and it must run in a browser, where Node's modules do not exist.`;
}

function judgeRoom(specifier: string, typeOnly: boolean, { path, room, rule }: Context): string | undefined {
  const [name = '', entry] = specifier.slice(scope.length).split('/');
  if (`packages/${name}` === room || `apps/${name}` === room) return undefined;
  if (roomRules[`apps/${name}`] !== undefined) {
    if (room === 'test') return undefined;
    // What an app measures is data about it, not a part of it: documents and alerts are held against that.
    if (room === 'infra' && entry === 'metrics') return undefined;
    return `${room} imports the app ${name}. No room imports an app: ${serverAppReason}.`;
  }
  if (name === 'test') return `${room} imports test, which holds what crosses rooms; nothing imports it.`;
  if (roomRules[`packages/${name}`] === undefined) {
    return `${room} imports ${specifier}, which is no room of ours. See infra/checks/room-rules.ts.`;
  }
  if (isTestFile(path)) return undefined;
  if (room !== 'infra') {
    const onlyFor = startUpOnly[name];
    if (onlyFor !== undefined) return `${room} imports ${name}: ${onlyFor}.`;
    if (entry === 'testing') return `${room} imports ${specifier} outside of a test.`;
  }
  if (rule.mayImport === 'any package' || rule.mayImport.includes(name)) return undefined;
  if (rule.mayImportTypes?.includes(name) === true) {
    return typeOnly ? undefined : `${room} may import only types of ${name}: ${rule.because}.`;
  }
  return `${room} may not import ${name}: ${rule.because}.`;
}

const serverAppReason = 'apps are deployed alone, and what two of them need is a package';

/** Rooms link to each other through the root; for tests and start-up that is enough. */
function judgeDeclared(specifier: string, { path, room, declared }: Context): string | undefined {
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  const relaxed = isTestFile(path) || room === 'infra' || room === 'root';
  if (declared.dependencies.has(name) || `${scope}${room.split('/')[1] ?? ''}` === name) return undefined;
  if (relaxed && (declared.devDependencies.has(name) || name.startsWith(scope))) return undefined;
  return `${room} imports ${name}, which its package.json does not list; it works by luck of what others installed.`;
}

function lineAt(source: string, offset: number): number {
  return source.slice(0, offset).split('\n').length;
}
