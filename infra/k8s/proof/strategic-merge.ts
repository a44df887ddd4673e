import { isFields, type Fields, type Value } from './manifest.ts';

/** Lists whose entries are known by one of their fields and merged one by one; any other list is replaced. */
const mergeKeys: Readonly<Record<string, string>> = {
  containers: 'name',
  env: 'name',
  volumes: 'name',
  volumeMounts: 'mountPath',
  ports: 'containerPort',
  topologySpreadConstraints: 'topologyKey',
};

/** A strategic merge patch, as far as the manifests use it: null takes a field away. */
export function strategicMerge(into: Fields, patch: Fields): Fields {
  const merged: Fields = { ...into };
  for (const [name, value] of Object.entries(patch)) {
    const known = merged[name];
    const key = mergeKeys[name];
    if (value === null) delete merged[name];
    else if (isFields(value)) merged[name] = strategicMerge(isFields(known) ? known : {}, value);
    else if (Array.isArray(value) && Array.isArray(known) && key !== undefined)
      merged[name] = mergeLists(known as Fields[], value as Fields[], key);
    else merged[name] = value;
  }
  return merged;
}

/** What a patch speaks of stands before what it leaves alone, as kustomize has it. */
function mergeLists(into: readonly Fields[], patch: readonly Fields[], key: string): Value[] {
  const known = new Map(into.map((entry) => [entry[key], entry]));
  const spokenOf = new Set(patch.map((entry) => entry[key]));
  return [
    ...patch.map((entry) => strategicMerge(known.get(entry[key]) ?? {}, entry)),
    ...into.filter((entry) => !spokenOf.has(entry[key])),
  ];
}
