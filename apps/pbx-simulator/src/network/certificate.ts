import { X509Certificate } from 'node:crypto';
import { generate } from 'selfsigned';
import type { CertificatePair } from '../contract/simulator.ts';

const VALID_DAYS = 3650;

/** What an appliance out of the box presents: a certificate that nobody has signed. */
export async function createCertificate(): Promise<CertificatePair> {
  const notAfterDate = new Date(Date.now() + VALID_DAYS * 86_400_000);
  const pair = await generate([{ name: 'commonName', value: 'pbx-simulator' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notAfterDate,
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { key: pair.private, cert: pair.cert };
}

/** SHA-256 of the certificate, 64 lower-case hex digits: what a client pins. */
export function fingerprintOf(pem: string): string {
  return new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase();
}
