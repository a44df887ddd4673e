/**
 * Where the commands for a PBX are. Each queue has a hash tag of its own, so that on a cluster its keys lie together and
 * the queues of different PBXs apart. Changing this orphans every job under way.
 */
export const commandQueue = (
  prefix: string,
  pbx: string,
): { readonly name: string; readonly prefix: string } => ({
  name: `pbx-commands-${pbx}`,
  prefix: `${prefix}:{${pbx}}`,
});

/**
 * How long finished commands can be looked at. They name numbers that were dialled, and Redis keeps them in clear text:
 * so not for long.
 */
export const finishedKept = { age: 600, count: 100 } as const;
