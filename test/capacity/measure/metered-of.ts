import type { System } from '../system/system.ts';
import { serviceNames } from '../system/start-services.ts';
import type { Metered } from './meter.ts';

/** Every part of a system whose time is worth knowing. The simulated PBXs are no part of it, and are shown apart. */
export const meteredOf = ({ services, stores, telephones }: System): Metered[] => [
  ...serviceNames
    .map((name) => ({
      name,
      pids: services.filter(({ service }) => service === name).map(({ process }) => process.pid),
    }))
    .filter(({ pids }) => pids.length > 0),
  { name: 'postgresql', pids: [stores.postgres.pid] },
  { name: 'redis', pids: [stores.redis.pid] },
  { name: 'telephones', pids: [telephones.pid] },
];
