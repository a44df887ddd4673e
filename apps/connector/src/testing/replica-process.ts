import { openDatabase } from '@trunkline/database';
import { createLogger, createMetrics, createRedisConnections, readSettings } from '@trunkline/service-kit';
import { createConnector } from '../create-connector.ts';
import { connectorSettings } from '../settings.ts';
import { ringing } from './connector-lab.ts';
import { scriptedAdapter, ScriptedPbx } from './scripted-pbx.ts';

/** A replica in a process of its own, to be killed or frozen. Its PBX is scripted: it never falls silent. */

const wordEveryMs = 20;

const settings = readSettings(connectorSettings, process.env);
const logger = createLogger({ name: 'replica', level: 'info', redactPhoneNumbers: false });
const database = await openDatabase({ url: settings.stores.databaseUrl, applicationName: 'replica' });
const redis = createRedisConnections({ url: settings.redis.target, logger, name: 'replica' });

const pbx = new ScriptedPbx();
setInterval(() => pbx.say(ringing('the same call')), wordEveryMs);

const connector = createConnector({
  settings,
  database,
  redis,
  adapters: { yeastar: scriptedAdapter('yeastar', () => pbx) },
  credentials: { find: () => Promise.resolve({ username: 'api', secret: 'secret' }) },
  logger,
  metrics: createMetrics({ app: 'replica' }),
});
await connector.start();
