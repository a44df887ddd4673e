import { Problem } from './problem.ts';

/** Nothing that we are told has more than a few levels. */
const levelsMax = 32;

/** Reads a body. What goes too deep is refused here, since whoever walks through it later would run out of stack. */
export function readJson(text: string): unknown {
  const value = parsed(text);
  if (goesDeeper(value, levelsMax))
    throw new Problem('invalid', `The body is nested more than ${levelsMax} levels deep`);
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Problem('invalid', 'The body is not valid JSON', { cause: error });
  }
}

/** Level by level, and so without a stack of its own. */
function goesDeeper(value: unknown, levels: number): boolean {
  let level = [value].filter(isNested);
  for (let depth = 0; depth < levels && level.length > 0; depth += 1)
    level = level.flatMap((each) => Object.values(each)).filter(isNested);
  return level.length > 0;
}

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;
