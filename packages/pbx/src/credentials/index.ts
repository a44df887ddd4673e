export { createCredentials, type Credentials, type CredentialsOptions } from './create-credentials.ts';
export { CredentialError } from './credential-error.ts';
export { credentialMark } from './credential-mark.ts';
export { credentialVariables, isCredentialName, variablesOfCredential } from './credential-names.ts';
