import type { Environment } from './read-setting.ts';
import { fileVariableOf, type SettingsMap } from './setting.ts';

export interface UnknownVariable {
  readonly variable: string;
  /** The known name that was probably meant. */
  readonly nearest?: string;
}

const OURS = 'TRUNKLINE_';

/** More changes than this is another name and no slip of the finger. */
const TYPO_DISTANCE_MAX = 3;

/**
 * Variables that carry our prefix and that nobody declares: most often a typing error, which would
 * otherwise be a setting silently left at its default.
 */
export function findUnknownVariables(
  env: Environment,
  known: ReadonlySet<string>,
): readonly UnknownVariable[] {
  return Object.keys(env)
    .filter((variable) => variable.startsWith(OURS) && !known.has(variable))
    .filter((variable) => !isServiceLink(variable, env[variable] ?? ''))
    .sort()
    .map((variable) => describeUnknown(variable, known));
}

export function variablesOf(map: SettingsMap): readonly string[] {
  return Object.values(map)
    .flatMap((part) => Object.values(part))
    .flatMap(({ variable, secret }) => (secret ? [variable, fileVariableOf(variable)] : [variable]));
}

/** Kubernetes describes each Service to every pod: TRUNKLINE_API_SERVICE_HOST, TRUNKLINE_API_PORT_80_TCP_ADDR… */
function isServiceLink(variable: string, value: string): boolean {
  return (
    /_SERVICE_(?:HOST|PORT(?:_\w+)?)$|_PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?$/.test(variable) ||
    /^(?:tcp|udp|sctp):\/\//.test(value)
  );
}

function describeUnknown(variable: string, known: ReadonlySet<string>): UnknownVariable {
  let nearest: string | undefined;
  let distance = TYPO_DISTANCE_MAX + 1;
  for (const candidate of known) {
    const candidateDistance = editDistance(variable, candidate, distance);
    if (candidateDistance >= distance) continue;
    distance = candidateDistance;
    nearest = candidate;
  }
  return nearest === undefined ? { variable } : { variable, nearest };
}

/** How many letters to insert, drop, replace or swap with a neighbour; gives up at `limit`. */
export function editDistance(from: string, to: string, limit = Number.POSITIVE_INFINITY): number {
  if (Math.abs(from.length - to.length) >= limit) return limit;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = at(previous, column - 1) + (from[row - 1] === to[column - 1] ? 0 : 1);
      const swapped =
        row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
          ? at(beforePrevious, column - 2) + 1
          : Number.POSITIVE_INFINITY;
      current.push(Math.min(at(previous, column) + 1, at(current, column - 1) + 1, replaced, swapped));
    }
    if (Math.min(...current) >= limit && Math.min(...previous) >= limit) return limit;
    beforePrevious = previous;
    previous = current;
  }
  return at(previous, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
