export { makeKey, testAudience, TestIssuer } from './test-issuer.ts';
