import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fingerprintOf } from '../network/certificate.ts';
import { openSimulator } from '../testing/open-simulator.ts';
import { keepCertificate } from './keep-certificate.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'certificate-'));
});
afterEach(() => rm(directory, { recursive: true }));

it('[SERVICE1] the certificate stays the same from start to start, and is readable by its owner only', async () => {
  const kept = join(directory, 'deep', 'inside');
  const first = await keepCertificate(kept);
  const second = await keepCertificate(kept);
  expect(fingerprintOf(second.cert)).toBe(fingerprintOf(first.cert));
  expect((await stat(join(kept, 'simulator.pem'))).mode & 0o777).toBe(0o600);
  await using simulator = await openSimulator({ dialect: 'yeastar', certificate: second });
  expect(simulator.certificate?.sha256).toBe(fingerprintOf(first.cert));
});

it('[SERVICE1] a file that is spoilt is replaced', async () => {
  await writeFile(join(directory, 'simulator.pem'), 'half a key');
  const made = await keepCertificate(directory);
  expect(fingerprintOf((await keepCertificate(directory)).cert)).toBe(fingerprintOf(made.cert));
});
