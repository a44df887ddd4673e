import { expect, it } from 'vitest';
import type { SecurityLab } from './security-lab.ts';

/** The last test of each file: what came before it left nothing in any log that has no business there. */
export function testTheLogs(lab: () => SecurityLab): void {
  it('has left no token, secret or full phone number in any log', () => {
    const { logged, secrets } = lab();
    // There is something to look through, and something to look for.
    expect(logged).toContain('"name":"test"');
    expect(logged.length).toBeGreaterThan(200);
    expect(secrets.size).toBeGreaterThan(5);
    const found = [...secrets].filter((secret) => logged.includes(secret));
    expect(found).toEqual([]);
    expect(logged).not.toMatch(/eyJ[\w-]{10,}\.[\w-]{10,}/);
  });
}
