/** Any value of a YAML document. */
export type Value = string | number | boolean | null | readonly Value[] | Fields;
export interface Fields {
  [name: string]: Value;
}

/** One object of Kubernetes, as it would be applied. */
export interface Manifest extends Fields {
  apiVersion: string;
  kind: string;
  metadata: Fields & { name: string };
}

export const isFields = (value: Value | undefined): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const titleOf = ({ kind, metadata }: Manifest): string => `${kind}/${metadata.name}`;

/** What lies at a path such as spec.template.spec.containers.0, or undefined. */
export function at(value: Value | undefined, path: string): Value | undefined {
  let found = value;
  for (const name of path.split('.')) found = (found as Record<string, Value> | null | undefined)?.[name];
  return found;
}

export const listAt = (value: Value | undefined, path: string): readonly Fields[] =>
  (at(value, path) ?? []) as readonly Fields[];

export const textAt = (value: Value | undefined, path: string): string | undefined => {
  const found = at(value, path);
  if (Array.isArray(found)) return found.join(',');
  return found === undefined || typeof found === 'object' ? undefined : String(found);
};

export function setAt(value: Value, path: string, to: Value): void {
  const names = path.split('.');
  const last = names.pop() ?? '';
  const parent = names.length === 0 ? value : at(value, names.join('.'));
  (parent as Fields)[last] = to;
}
