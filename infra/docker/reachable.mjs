/**
 * @typedef {{
 *   link?: boolean, resolved?: string, dependencies?: Record<string, string>, optionalDependencies?: Record<string, string>,
 *   peerDependencies?: Record<string, string>, peerDependenciesMeta?: Record<string, { optional?: boolean }>,
 * }} LockEntry
 */

/**
 * The paths of all packages that these rooms need to run, as the lock file has them: their dependencies and those of
 * their dependencies, and nothing that only builds or tests. npm's own --omit=dev keeps what any room of a workspace
 * depends on, a PostgreSQL among it.
 *
 * @param {Record<string, LockEntry>} packages
 * @param {readonly string[]} rooms
 */
export function reachable(packages, rooms) {
  const found = new Set(rooms);
  for (const path of found) {
    const entry = packages[path] ?? {};
    if (entry.link === true && entry.resolved !== undefined) found.add(entry.resolved);
    for (const [name, isOptional] of needed(entry)) {
      const at = resolve(packages, name, path);
      if (at !== undefined) found.add(at);
      else if (!isOptional) throw new Error(`The lock file does not have ${name}, which ${path} needs`);
    }
  }
  return [...found].sort();
}

/** @param {LockEntry} entry @returns {[name: string, isOptional: boolean][]} */
function needed({ dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta }) {
  return [
    .../** @type {[string, boolean][]} */ (Object.keys(dependencies ?? {}).map((name) => [name, false])),
    .../** @type {[string, boolean][]} */ (
      Object.keys(optionalDependencies ?? {}).map((name) => [name, true])
    ),
    .../** @type {[string, boolean][]} */ (
      Object.keys(peerDependencies ?? {})
        .filter((name) => peerDependenciesMeta?.[name]?.optional !== true)
        .map((name) => [name, true])
    ),
  ];
}

/**
 * Where Node finds a package: in the nearest node_modules, upwards.
 *
 * @param {Record<string, LockEntry>} packages @param {string} name @param {string} from
 */
function resolve(packages, name, from) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    if (folder.endsWith('node_modules')) continue;
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (packages[path] !== undefined) return path;
    if (folder === '') return undefined;
  }
}
