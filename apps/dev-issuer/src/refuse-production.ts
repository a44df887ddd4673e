import type { Environment } from '@trunkline/service-kit';

/** Whoever reaches it is whoever they say they are. */
export function refuseProduction(env: Environment): void {
  for (const variable of ['NODE_ENV', 'TRUNKLINE_ENV']) {
    if (env[variable]?.trim().toLowerCase() === 'production') {
      throw new Error(
        `${variable} is "production": the development issuer asks for no password and does not start there. Set TRUNKLINE_TOKEN_ISSUER of the services to your identity provider instead.`,
      );
    }
  }
}
