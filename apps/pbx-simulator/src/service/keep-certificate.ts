import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { X509Certificate } from 'node:crypto';
import type { CertificatePair } from '../contract/simulator.ts';
import { createCertificate } from '../network/certificate.ts';

const FILE = 'simulator.pem';

/** The certificate in this directory, made at the first start. One file holds both halves, so that they always match. */
export async function keepCertificate(directory: string): Promise<CertificatePair> {
  const path = join(directory, FILE);
  const kept = await read(path);
  if (kept !== null) return kept;
  const made = await createCertificate();
  await mkdir(directory, { recursive: true });
  // Written beside and renamed: a start that breaks off leaves no half of a key behind.
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, `${made.key.trim()}\n${made.cert.trim()}\n`, { mode: 0o600 });
  await rename(draft, path);
  return made;
}

async function read(path: string): Promise<CertificatePair | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return null;
  }
  const [key] = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n?/.exec(text) ?? [];
  const [cert] = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n?/.exec(text) ?? [];
  if (key === undefined || cert === undefined || isOver(cert)) return null;
  return { key, cert };
}

function isOver(cert: string): boolean {
  return new X509Certificate(cert).validToDate.getTime() < Date.now();
}
