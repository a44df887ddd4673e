import type { Liveness } from '@trunkline/domain';
import { CommandError, type PbxCommands } from '@trunkline/pbx-commands';

/** Asks a PBX whether a call is alive. Rejects where it can't be asked. */
export type Ask = (pbx: string, call: string, signal?: AbortSignal) => Promise<Liveness>;

export const askThrough =
  (commands: PbxCommands, deadlineMs: number): Ask =>
  (pbx, call, signal) =>
    commands.send(pbx, { kind: 'isAlive', call }, { deadlineMs, signal });

export interface Answer {
  readonly liveness: Liveness;
  /** Why it is not known. */
  readonly detail: string | null;
}

export interface VerifyBounds {
  /** Questions under way at once, over all PBXs. */
  readonly parallelMax: number;
  /** And to one PBX, which has its own work to do. */
  readonly parallelPerPbxMax: number;
}

export const verifyBounds: VerifyBounds = { parallelMax: 32, parallelPerPbxMax: 4 };

interface Asked {
  readonly pbx: string;
  readonly call: string;
}

/** Problems that lie with the link and not with the call: the other calls of that PBX need not wait for the same answer. */
const linkProblems: ReadonlySet<string> = new Set(['nobody', 'not-connected', 'queue']);

/** After so many questions that a PBX left unanswered it is left alone until the next time: each of them took a deadline. */
const unansweredMax = 3;

/**
 * Asks about each call and gives one answer for each, in their order. What can't be asked is `unknown` with the reason,
 * never `gone`. Rejects only when the signal aborts.
 */
export async function verify(
  ask: Ask,
  calls: readonly Asked[],
  { parallelMax, parallelPerPbxMax }: VerifyBounds = verifyBounds,
  signal?: AbortSignal,
): Promise<Answer[]> {
  const answers: Answer[] = calls.map(() => ({ liveness: 'unknown', detail: null }));
  const unreachable = new Map<string, Answer>();
  const unanswered = new Map<string, number>();
  const lanes = lanesOf(calls, parallelPerPbxMax);

  async function work(): Promise<void> {
    for (let lane = lanes.shift(); lane !== undefined; lane = lanes.shift()) {
      for (const { index, pbx, call } of lane) {
        signal?.throwIfAborted();
        answers[index] = unreachable.get(pbx) ?? (await answerTo(pbx, call));
      }
    }
  }

  async function answerTo(pbx: string, call: string): Promise<Answer> {
    try {
      return { liveness: await ask(pbx, call, signal), detail: null };
    } catch (error) {
      signal?.throwIfAborted();
      const answer: Answer = { liveness: 'unknown', detail: messageOf(error) };
      if (isHopeless(pbx, error)) unreachable.set(pbx, answer);
      return answer;
    }
  }

  function isHopeless(pbx: string, error: unknown): boolean {
    if (!(error instanceof CommandError)) return false;
    if (error.problem !== 'unanswered') return linkProblems.has(error.problem);
    const count = (unanswered.get(pbx) ?? 0) + 1;
    unanswered.set(pbx, count);
    return count >= unansweredMax;
  }

  await Promise.all(Array.from({ length: Math.min(parallelMax, lanes.length) }, work));
  return answers;
}

type Lane = (Asked & { readonly index: number })[];

/** Each PBX's calls in as many lanes as it may be asked at once, the lanes of different PBXs taking turns. */
function lanesOf(calls: readonly Asked[], lanesOfPbxMax: number): Lane[] {
  const pbxs = new Map<string, Lane[]>();
  for (const [index, { pbx, call }] of calls.entries()) {
    const lanes = pbxs.get(pbx) ?? [];
    pbxs.set(pbx, lanes);
    const asked = { index, pbx, call };
    if (lanes.length < lanesOfPbxMax) lanes.push([asked]);
    else shortest(lanes).push(asked);
  }
  return Array.from({ length: lanesOfPbxMax }, (_, turn) =>
    [...pbxs.values()].flatMap((lanes) => lanes.slice(turn, turn + 1)),
  ).flat();
}

const shortest = (lanes: readonly Lane[]): Lane =>
  lanes.reduce((one, other) => (other.length < one.length ? other : one));

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
