import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { titleOf, type Manifest } from './manifest.ts';

/** Packages with the schemas of groups that Kubernetes does not bring itself. */
const packages: Readonly<Record<string, string>> = {
  'keda.sh': '@kubernetes-models/keda',
  'gateway.networking.k8s.io': '@kubernetes-models/gateway-api',
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
};

const moduleOf = ({ apiVersion, kind }: Manifest): string =>
  `${packages[apiVersion.split('/')[0] ?? ''] ?? 'kubernetes-models'}/${apiVersion}/${kind}`;

type Model = new (fields: Manifest) => { validate(): void };

/** What the schema of its kind has against a manifest: wrong types, values and missing fields. */
export async function problemsOfSchema(manifest: Manifest): Promise<string[]> {
  try {
    const models = (await import(moduleOf(manifest))) as Record<string, Model>;
    const Kind = models[manifest.kind];
    if (Kind === undefined) throw new Error(`there is no kind ${manifest.kind}`);
    new Kind(manifest).validate();
    return [];
  } catch (error) {
    return [`${titleOf(manifest)}: ${(error as Error).message}`];
  }
}

const root = join(import.meta.dirname, '../../..');
const TSC_MS_MAX = 120_000;

/**
 * Unknown fields, which the schemas let pass: each manifest becomes a literal of its interface, and the compiler finds
 * what the interface does not have. One run for all of them.
 */
export async function problemsOfFields(manifests: readonly Manifest[]): Promise<string[]> {
  // Inside the checkout, so that the packages are found from there.
  const cache = join(root, '.trunkline/cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'manifests-'));
  try {
    manifests.forEach((manifest, index) => {
      const source = `import type { I${manifest.kind} as Kind } from '${moduleOf(manifest)}';\nexport const one: Kind = ${JSON.stringify(manifest, null, 1)};\n`;
      writeFileSync(join(folder, `manifest-${index}.ts`), source);
    });
    const compilerOptions = {
      module: 'nodenext',
      target: 'esnext',
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types: [],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
    const output = await compile(folder);
    return [...output.matchAll(/manifest-(\d+)\.ts\(\d+,\d+\): error TS\d+: (.*)/g)].map(
      ([, index, message]) => {
        const manifest = manifests[Number(index)];
        return `${manifest === undefined ? index : titleOf(manifest)}: ${message}`;
      },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const compile = (folder: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const options = { timeout: TSC_MS_MAX, maxBuffer: 64 * 1024 * 1024 };
    execFile(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], options, (error, stdout, stderr) => {
      if (error !== null && !/error TS\d+/.test(stdout))
        reject(new Error(`tsc failed: ${stdout}${stderr}`, { cause: error }));
      else resolve(stdout);
    });
  });
