import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { configMapHash } from './config-map-hash.ts';
import { at, isFields, listAt, setAt, textAt, type Fields, type Manifest, type Value } from './manifest.ts';
import { strategicMerge } from './strategic-merge.ts';

/**
 * What `kubectl kustomize` makes of a folder, without kubectl: as much of kustomize as our manifests use. A field that it
 * does not know is an error, so that nothing is left out unseen; where kubectl is at hand, the proof holds both equal.
 */
export function render(folder: string): Manifest[] {
  const rendered = accumulate(folder, []);
  return rendered.map((manifest) => nameConfigMaps(manifest, rendered));
}

const steps: Readonly<
  Record<string, (manifests: Manifest[], kustomization: Fields, folder: string) => Manifest[]>
> = {
  resources: (manifests, { resources }, folder) => [
    ...manifests,
    ...(resources as string[]).flatMap((path) => load(join(folder, path))),
  ],
  components: (manifests, { components }, folder) =>
    (components as string[]).reduce((all, path) => accumulate(join(folder, path), all), manifests),
  configMapGenerator: (manifests, kustomization) =>
    listAt(kustomization, 'configMapGenerator').reduce(generate, manifests),
  patches: (manifests, kustomization, folder) =>
    listAt(kustomization, 'patches').reduce((all, patch) => applyPatch(all, patch, folder), manifests),
  namespace: (manifests, { namespace }) =>
    manifests.map((manifest) =>
      manifest.kind === 'Namespace'
        ? manifest
        : { ...manifest, metadata: { ...manifest.metadata, namespace: namespace as string } },
    ),
  labels: (manifests, kustomization) => listAt(kustomization, 'labels').reduce(label, manifests),
  replicas: (manifests, kustomization) => listAt(kustomization, 'replicas').reduce(scale, manifests),
  images: (manifests, kustomization) => listAt(kustomization, 'images').reduce(nameImages, manifests),
  replacements: (manifests, kustomization) =>
    listAt(kustomization, 'replacements').reduce(replace, manifests),
};

const header = new Set(['apiVersion', 'kind']);

/** A component works on what was there before it; any other folder begins with nothing. */
function accumulate(folder: string, before: Manifest[]): Manifest[] {
  const [kustomization] = readDocuments(join(folder, 'kustomization.yaml'));
  if (kustomization === undefined) throw new Error(`${folder} has no kustomization`);
  const unknown = Object.keys(kustomization).filter((name) => !header.has(name) && steps[name] === undefined);
  if (unknown.length > 0) throw new Error(`${folder} uses ${unknown.join(', ')}, which is not rendered here`);
  return Object.entries(steps)
    .filter(([name]) => kustomization[name] !== undefined)
    .reduce((manifests, [, step]) => step(manifests, kustomization, folder), before);
}

const load = (path: string): Manifest[] =>
  statSync(path).isDirectory() ? accumulate(path, []) : (readDocuments(path) as Manifest[]);

const readDocuments = (path: string): Fields[] => parseDocuments(readFileSync(path, 'utf8'));

export const parseDocuments = (yaml: string): Fields[] =>
  parseAllDocuments(yaml).map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    return document.toJS() as Fields;
  });

function generate(manifests: Manifest[], generator: Fields): Manifest[] {
  const { name, behavior, literals } = generator as { name: string; behavior?: string; literals: string[] };
  const data = Object.fromEntries(
    literals.map((literal) => [
      literal.slice(0, literal.indexOf('=')),
      literal.slice(literal.indexOf('=') + 1),
    ]),
  );
  if (behavior === undefined)
    return [...manifests, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data, generated: true }];
  return change(manifests, { kind: 'ConfigMap', name }, (map) => ({
    ...map,
    data: { ...(map['data'] as Fields), ...data },
  }));
}

interface Target {
  readonly kind?: string;
  readonly name?: string;
}

const change = (
  manifests: Manifest[],
  { kind, name }: Target,
  how: (one: Manifest) => Manifest,
): Manifest[] =>
  manifests.map((one) =>
    (kind ?? one.kind) === one.kind && (name ?? one.metadata.name) === one.metadata.name ? how(one) : one,
  );

function applyPatch(manifests: Manifest[], patch: Fields, folder: string): Manifest[] {
  const path = textAt(patch, 'path');
  const [body] =
    path === undefined ? parseDocuments(patch['patch'] as string) : readDocuments(join(folder, path));
  const { apiVersion: _version, kind, metadata, ...fields } = body as Manifest;
  const target = (patch['target'] as Target | undefined) ?? { kind, name: metadata.name };
  return change(manifests, target, (one) => strategicMerge(one, fields) as Manifest);
}

function label(manifests: Manifest[], { pairs }: Fields): Manifest[] {
  const patch = { metadata: { labels: pairs as Fields } };
  return manifests.map((one) => {
    const hasTemplate = isFields(at(one, 'spec.template'));
    return strategicMerge(one, { ...patch, ...(hasTemplate && { spec: { template: patch } }) }) as Manifest;
  });
}

const scale = (manifests: Manifest[], { name, count }: Fields): Manifest[] =>
  change(
    manifests,
    { kind: 'Deployment', name: name as string },
    (one) => strategicMerge(one, { spec: { replicas: count as number } }) as Manifest,
  );

function nameImages(manifests: Manifest[], { name, newName, newTag }: Fields): Manifest[] {
  const image = `${(newName ?? name) as string}:${newTag as string}`;
  return manifests.map((one) => {
    const copy = structuredClone(one);
    for (const container of listAt(copy, 'spec.template.spec.containers'))
      if (container['image'] === name) container['image'] = image;
    return copy;
  });
}

function replace(manifests: Manifest[], replacement: Fields): Manifest[] {
  const { source, targets } = replacement as { source: Fields; targets: Fields[] };
  const from = manifests.find(({ kind }) => kind === source['kind']);
  const value = part(textAt(from, textAt(source, 'fieldPath') ?? '') ?? '', source);
  return targets.reduce(
    (all, target) =>
      change(all, target['select'] as Target, (one) => {
        const copy = structuredClone(one);
        for (const path of target['fieldPaths'] as string[]) {
          const [delimiter, index] = delimited(target);
          const parts = (textAt(copy, path) ?? '').split(delimiter);
          setAt(copy, path, parts.with(index, value).join(delimiter));
        }
        return copy;
      }),
    manifests,
  );
}

const delimited = (where: Fields): [string, number] => [
  at(where, 'options.delimiter') as string,
  at(where, 'options.index') as number,
];

function part(text: string, where: Fields): string {
  const [delimiter, index] = delimited(where);
  return text.split(delimiter)[index] ?? '';
}

/** Generated maps get their hash, and whoever refers to them the name with it. */
function nameConfigMaps(manifest: Manifest, all: readonly Manifest[]): Manifest {
  const { generated, ...named } = manifest;
  if (generated === true) named.metadata = { ...manifest.metadata, name: hashedName(manifest) };
  return renameReferences(named, all) as Manifest;
}

const hashedName = ({ metadata: { name }, data }: Manifest): string =>
  `${name}-${configMapHash(data as Fields)}`;

function renameReferences(value: Value, all: readonly Manifest[]): Value {
  if (Array.isArray(value)) return value.map((one: Value) => renameReferences(one, all));
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      if (name !== 'configMapRef') return [name, renameReferences(inner, all)];
      const map = all.find((one) => one['generated'] === true && one.metadata.name === textAt(inner, 'name'));
      return [name, map === undefined ? inner : { ...(inner as Fields), name: hashedName(map) }];
    }),
  );
}
