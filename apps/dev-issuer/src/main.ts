import { runService, type Service } from '@trunkline/service-kit';
import { refuseProduction } from './refuse-production.ts';
import { devIssuerSettings } from './settings.ts';
import { startDevIssuer } from './start-dev-issuer.ts';

async function start({ settings, logger, shutdown }: Service<typeof devIssuerSettings>): Promise<void> {
  refuseProduction(process.env);
  const issuer = await startDevIssuer({ ...settings.issuer, logger });
  shutdown.add('users', 'issuer', () => issuer.close());
  logger.info({ url: issuer.url }, 'the development issuer listens; it asks for no password');
}

await runService({ name: 'dev-issuer', settings: devIssuerSettings, start });
