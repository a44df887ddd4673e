export { ApiLab, tenants, type Answer, type Asking, type LabOptions, type TenantName } from './api-lab.ts';
export { numbers, seedTenant, webhookUrl, type Seeded } from './seed-tenant.ts';
export { sessionCookies } from './session-cookies.ts';
