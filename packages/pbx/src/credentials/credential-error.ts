/** User and secret of a PBX can't be had. The message names what is missing and where it is looked for, never a value. */
export class CredentialError extends Error {
  override readonly name = 'CredentialError';
}
