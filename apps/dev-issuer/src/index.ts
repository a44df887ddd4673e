export { people, personCalled, type Person } from './people.ts';
export { startDevIssuer, type DevIssuer, type DevIssuerOptions } from './start-dev-issuer.ts';
