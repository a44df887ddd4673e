import { describe, expect, it } from 'vitest';
import { Slots } from './slots.ts';

describe('Slots', () => {
  it('lets no more than its number in at once, in the order of arrival', async () => {
    const slots = new Slots(2);
    const log: string[] = [];
    const gates = [1, 2, 3, 4].map(() => Promise.withResolvers<void>());
    const all = gates.map((gate, index) =>
      slots.use(async () => {
        log.push(`in ${index}`);
        await gate.promise;
        log.push(`out ${index}`);
      }),
    );
    await Promise.resolve();
    expect(log).toEqual(['in 0', 'in 1']);
    gates[1]?.resolve();
    await all[1];
    gates[2]?.resolve();
    await all[2];
    gates[0]?.resolve();
    gates[3]?.resolve();
    await Promise.all(all);
    expect(log.filter((line) => line.startsWith('in'))).toEqual(['in 0', 'in 1', 'in 2', 'in 3']);
  });

  it('gives the place back when the work fails', async () => {
    const slots = new Slots(1);
    await expect(slots.use(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(slots.use(() => Promise.resolve('yes'))).resolves.toBe('yes');
  });
});
