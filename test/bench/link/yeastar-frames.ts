import { createSimulator, type Simulator, type TrafficModel } from '@trunkline/pbx-simulator';
import { createLogger } from '@trunkline/service-kit';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { multiply } from './multiply.ts';

const recordedMin = 20_000;
const recordingMsMax = 60_000;
const api = '/openapi/v1.0/';
const topics = [30007, 30008, 30009, 30011, 30012, 30013, 30014, 30015, 30016, 30022];

const traffic: TrafficModel = {
  callsPerSecond: 400,
  mix: { internal: 3, inbound: 3, outbound: 2, queue: 1, group: 1, menu: 1 },
  ringMs: [20, 200],
  talkMs: [50, 400],
  noAnswer: 0.1,
  busy: 0.05,
  abandoned: 0.1,
  rejected: 0.05,
  hold: 0.2,
  transfer: 0.1,
  recorded: 0.3,
};

/** What a simulated PBX says of its traffic to a client that merely listens, until all calls have ended. */
export async function recordYeastar(seed: number): Promise<string[]> {
  const logger = createLogger({ name: 'bench', level: 'warn', redactPhoneNumbers: false });
  await using simulator = await createSimulator({
    dialect: 'yeastar',
    logger,
    tls: false,
    extensions: 400,
    seed,
  });
  const frames: string[] = [];
  const socket = await subscribe(simulator, (frame) => frames.push(frame));
  const deadline = performance.now() + recordingMsMax;
  simulator.control.traffic(traffic);
  while (frames.length < recordedMin) {
    if (performance.now() > deadline)
      throw new Error(`${frames.length} frames in ${recordingMsMax} ms: the machine is too busy to record`);
    await sleep(50);
  }
  await simulator.control.settle();
  socket.terminate();
  return frames;
}

async function subscribe(simulator: Simulator, hear: (frame: string) => void): Promise<WebSocket> {
  const { address, credential } = simulator;
  const headers = { 'user-agent': 'OpenAPI' };
  const answer = await fetch(`${address}${api}get_token`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ username: credential.username, password: credential.secret }),
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  const place = `${address.replace('http', 'ws')}${api}subscribe?access_token=${token}`;
  const socket = new WebSocket(place, { headers });
  await once(socket, 'open');
  socket.send(JSON.stringify({ topic_list: topics }));
  await once(socket, 'message');
  socket.on('message', (data: Buffer) => hear(data.toString('utf8')));
  return socket;
}

const roundSeconds = 100_000;

/** A call's name begins with the second in which it began; `msg` is JSON within JSON, so its quotes are escaped. */
export const yeastarFrames = (recorded: readonly string[], framesMin: number): Generator<string> =>
  multiply(recorded, framesMin, (frame, round) =>
    frame.replace(
      /(call_id\\":\\")(\d+)/,
      (_, label, second) => `${label}${Number(second) + round * roundSeconds}`,
    ),
  );
