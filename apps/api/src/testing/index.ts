export { ApiLab, tenants, type Answer, type Asking, type LabOptions, type TenantName } from './api-lab.ts';
