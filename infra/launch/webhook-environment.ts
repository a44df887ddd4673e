/** The same for whoever delivers webhooks and whoever adds them, such as the command line in a checkout. */
export const webhookEnvironment = (secret: string): Record<string, string> => ({
  TRUNKLINE_WEBHOOK_KEY: `start:${secret}`,
  TRUNKLINE_WEBHOOK_PRIVATE: 'allow',
  TRUNKLINE_WEBHOOK_PORTS: 'any',
});
