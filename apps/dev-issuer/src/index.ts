export { people, peopleOf, personCalled, type Person, type Tenants } from './people.ts';
export { startDevIssuer, type DevIssuer, type DevIssuerOptions } from './start-dev-issuer.ts';
