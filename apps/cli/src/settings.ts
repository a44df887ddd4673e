import { pbxSettings } from '@trunkline/pbx';
import { duration, setting, storeSettings } from '@trunkline/service-kit';
import { storageSettings } from '@trunkline/storage';
import { stuckCallSettings } from '@trunkline/stuck-calls';
import { webhookSettings } from '@trunkline/webhooks';

/** What the CLI reads from the environment. The names are those of the services, so one file serves both. */
export const cliSettings = {
  ...storeSettings,
  stuckCalls: stuckCallSettings,
  webhooks: webhookSettings,
  storage: storageSettings,
  pbx: {
    ...pbxSettings,
    checkWithinMs: setting({
      variable: 'TRUNKLINE_CHECK_WITHIN',
      schema: duration({ min: '1s', max: '5m' }),
      default: { value: '20s', because: 'a person waits for it' },
      explain: 'How long `pbx add` tries to reach a PBX.',
      example: '60s',
    }),
  },
};
