import type { TenantId } from '@trunkline/domain';

/** The same for each attempt: whoever dies behind the storing of a file leaves one that the next attempt replaces with its like. */
export const fileKeyOf = (tenant: TenantId, recording: string): string => `recordings/${tenant}/${recording}`;
