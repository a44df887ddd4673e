import { X509Certificate } from 'node:crypto';
import type { Trust } from '../port/target.ts';
import { TargetError } from './target-error.ts';

/** `public`, `sha256:` with the certificate's fingerprint (colons don't matter), or an authority's certificate as PEM. */
export function readTrust(text: string): Trust {
  const plain = text.trim();
  if (plain === 'public') return { kind: 'public' };
  if (plain.startsWith('-----BEGIN CERTIFICATE-----')) return { kind: 'authority', pem: readPem(plain) };
  const sha256 = /^sha256:(.*)$/i.exec(plain)?.[1]?.replaceAll(':', '').toLowerCase();
  if (sha256 !== undefined && /^[0-9a-f]{64}$/.test(sha256)) return { kind: 'fingerprint', sha256 };
  throw new TargetError(
    'trust',
    sha256 === undefined
      ? 'What to trust is neither "public", nor "sha256:<fingerprint>", nor a certificate in PEM form.'
      : 'The fingerprint is not a SHA-256 one: 64 hexadecimal digits, with or without colons.',
  );
}

function readPem(pem: string): string {
  try {
    return new X509Certificate(pem).toString();
  } catch (cause) {
    throw new TargetError('trust', "The certificate of the authority can't be read: it is not valid PEM.", {
      cause,
    });
  }
}

/** The text that `readTrust` reads back. */
export const writeTrust = (trust: Trust): string =>
  trust.kind === 'public' ? 'public' : trust.kind === 'authority' ? trust.pem : `sha256:${trust.sha256}`;
