import { freePort } from '@trunkline/backing-services/testing';
import { startServiceProcess, type ServiceProcess } from '../../support/service-process.ts';
import { inspectedAt } from '../machine/inspector.ts';

/** Every service of a fleet, in the order in which they start. */
export const serviceNames = [
  'lifecycle-worker',
  'cleanup-worker',
  'connector',
  'stuck-call-worker',
  'webhook-worker',
  'import-worker',
  'recording-worker',
  'api',
  'push',
] as const;
export type ServiceName = (typeof serviceNames)[number];
export type Replicas = Readonly<Partial<Record<ServiceName, number>>>;

export interface RunningService {
  readonly service: ServiceName;
  /** Such as push-2. */
  readonly name: string;
  readonly process: ServiceProcess;
  /** Where its debugger answers. */
  readonly inspectPort: number;
}

/** Each a process with its own main; they begin side by side. What has begun when one can't is stopped. */
export async function startServices(
  replicas: Replicas,
  environment: Readonly<Record<string, string>>,
  stack: AsyncDisposableStack,
): Promise<RunningService[]> {
  const starting = serviceNames.flatMap((service) =>
    Array.from({ length: replicas[service] ?? 0 }, async (_, index) => {
      const inspectPort = await freePort();
      const started = await startServiceProcess(
        `@trunkline/${service}`,
        service === 'push' ? 'push serves' : 'started',
        { ...environment, NODE_OPTIONS: inspectedAt(inspectPort) },
      );
      stack.defer(() => started.kill('SIGTERM'));
      return { service, name: `${service}-${index + 1}`, process: started, inspectPort };
    }),
  );
  await Promise.allSettled(starting);
  return Promise.all(starting);
}
