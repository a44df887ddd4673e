import { readdirSync, readFileSync } from 'node:fs';
import { parseMachine, parseStat, treeOf, type MachineTime } from './parse-proc.ts';

/** What the kernel says of a process and of everything that it started. */
export interface Usage {
  /** Processor time since the start, also of children that have ended. */
  readonly cpuSeconds: number;
  readonly rssBytes: number;
  readonly descriptors: number;
  readonly processes: number;
}

/** On Linux, for programs, whatever the kernel counts in. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4_096;

/** Of a process and all below it: PostgreSQL is one for each connection. */
export function readTree(pid: number): Usage {
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statOf(Number(name)) ?? []);
  const tree = treeOf(pid, stats);
  if (tree.length === 0) throw new Error(`process ${pid} has ended while it was measured`);
  return {
    cpuSeconds: tree.reduce((sum, { ticks }) => sum + ticks, 0) / TICKS_PER_SECOND,
    rssBytes: tree.reduce((sum, { rssPages }) => sum + rssPages, 0) * PAGE_BYTES,
    descriptors: tree.reduce((sum, { pid: each }) => sum + descriptorsOf(each), 0),
    processes: tree.length,
  };
}

/** How busy the whole machine is, whoever keeps it so. */
export const readMachine = (): MachineTime => parseMachine(readFileSync('/proc/stat', 'utf8'));

function statOf(pid: number) {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    // It ended since it was listed.
    return null;
  }
}

function descriptorsOf(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}
