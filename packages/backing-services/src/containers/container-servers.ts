import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Backing } from '../backing.ts';
import { never } from '../backing.ts';
import { postgresAnswers } from '../postgres/postgres-server.ts';
import { redisAnswers } from '../redis/redis-server.ts';
import type { ContainerRequest } from './container-requests.ts';

/** An image may have to be pulled first. */
const START_TIMEOUT_MS = 5 * 60_000;
const READY_TIMEOUT_MS = 60_000;
const READY_POLL_MS = 100;

/**
 * Runs a store in a container engine. testcontainers is loaded only when it is asked for: it is large, and most
 * starts never need it. Its own reaper removes the containers should this process die.
 */
export async function containerServer(request: ContainerRequest): Promise<Backing> {
  const { GenericContainer, getContainerRuntimeClient, Wait } = await import('testcontainers');
  await requireEngine(getContainerRuntimeClient);
  const container = new GenericContainer(request.image)
    .withExposedPorts(request.port)
    .withEnvironment({ ...request.environment })
    .withWaitStrategy(Wait.forListeningPorts())
    .withStartupTimeout(START_TIMEOUT_MS);
  if (request.command !== undefined) container.withCommand([...request.command]);
  if (request.volume !== undefined) {
    container.withBindMounts([{ source: request.volume.name, target: request.volume.mountedAt }]);
  }
  const running = await container.start();
  const [host, port] = [running.getHost(), running.getMappedPort(request.port)];
  const url = request.url(host, port);
  let stopped: Promise<unknown> | undefined;
  const stop = async () => {
    stopped ??= running.stop({ timeout: 10_000, remove: true, removeVolumes: false });
    await stopped;
  };
  try {
    await untilAnswers(request, url);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, label: `${request.product} (${request.image}) on ${host}:${port}`, lost: never, stop };
}

/** The volume that keeps a checkout's data: named for the checkout, so that two of them don't share it. */
export function volumeName(root: string, store: 'postgres' | 'redis'): string {
  return `trunkline-${createHash('sha256').update(root).digest('hex').slice(0, 12)}-${store}`;
}

/** Removes the volumes of a checkout; those that are not there are fine. */
export async function removeVolumes(root: string): Promise<void> {
  const { getContainerRuntimeClient } = await import('testcontainers');
  const engine = await requireEngine(getContainerRuntimeClient);
  for (const store of ['postgres', 'redis'] as const) {
    await engine.container.dockerode
      .getVolume(volumeName(root, store))
      .remove()
      .catch((error: { statusCode?: number }) => {
        if (error.statusCode !== 404) throw error;
      });
  }
}

/** The engine's client, or an error that says what to do. */
export async function requireEngine<Engine>(find: () => Promise<Engine>): Promise<Engine> {
  try {
    return await find();
  } catch (cause) {
    throw new Error(
      'TRUNKLINE_BACKING=containers, but no container engine answers. Start Docker (or one compatible with it), ' +
        'so that `docker info` works, or name it by DOCKER_HOST. Or unset TRUNKLINE_BACKING to have PostgreSQL ' +
        `and Redis found or started without containers. (${cause instanceof Error ? cause.message : String(cause)})`,
      { cause },
    );
  }
}

/** A listening port is not yet a store that answers: PostgreSQL's image restarts it once after setting it up. */
async function untilAnswers({ product, image }: ContainerRequest, url: string): Promise<void> {
  const answers = product === 'PostgreSQL' ? postgresAnswers : redisAnswers;
  let failure: string | undefined;
  for (const deadline = Date.now() + READY_TIMEOUT_MS; Date.now() < deadline; await sleep(READY_POLL_MS)) {
    failure = await answers(url);
    if (failure === undefined) return;
  }
  throw new Error(`${product} in ${image} gave no answer within ${READY_TIMEOUT_MS} ms: ${failure}`);
}
