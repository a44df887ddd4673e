import type { Chance } from '../random.ts';

/** A JSON frame that is broken: cut off, garbled, or of types that nobody expects. */
export function breakJson(frame: string, chance: Chance): string {
  return chance.pick(ways)(frame, chance);
}

type Way = (frame: string, chance: Chance) => string;

const ways: readonly [Way, ...Way[]] = [
  (frame, chance) => frame.slice(0, chance.between(1, frame.length - 1)),
  (frame) => frame.replace(':', ''),
  (frame) => `\u0000${frame}`,
  (frame) => frame.replace(/"type":/, '"type":[],"was":'),
  () => '[]',
  () => 'null',
  () => '{"type":{"no":"type"},"msg":17}',
];
