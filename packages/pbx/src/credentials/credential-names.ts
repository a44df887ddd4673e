/** Fits into a variable's name, a folder's and a Kubernetes secret's alike. */
const name = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

export const isCredentialName = (text: string): boolean => name.test(text);

/** The variables that hold user and secret of the credential with this name. */
export function variablesOfCredential(name: string): readonly [username: string, secret: string] {
  const part = name.toUpperCase().replaceAll('-', '_');
  return [`TRUNKLINE_PBX_${part}_USERNAME`, `TRUNKLINE_PBX_${part}_SECRET`];
}

/** Those of an environment that hold credentials, so that nobody calls them unknown settings. */
export const credentialVariables = (env: Readonly<Record<string, string | undefined>>): string[] =>
  Object.keys(env).filter((variable) => /^TRUNKLINE_PBX_[A-Z0-9_]+_(?:USERNAME|SECRET)$/.test(variable));
