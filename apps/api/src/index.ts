export type { ApiContext } from './api-context.ts';
export { areasOf } from './areas.ts';
export { createApp, startApi, type Api, type ApiOptions, type Area } from './create-api.ts';
export { openContext, type OpenedContext } from './open-context.ts';
export { apiSettings, type ApiSettings } from './settings.ts';
