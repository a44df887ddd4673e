export { createConnector, type Connector, type ConnectorContext } from './create-connector.ts';
export { connectorSettings, limitsOf, type ConnectorSettings } from './settings.ts';
export type { Adapters } from './link/prepare-attempt.ts';
