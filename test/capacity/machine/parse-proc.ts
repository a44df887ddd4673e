/** One line of /proc/<pid>/stat, as far as it is asked for. */
export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** Its own time in programs and in the kernel, and that of children that have ended. */
  readonly ticks: number;
  readonly rssPages: number;
}

export interface MachineTime {
  readonly busy: number;
  readonly all: number;
}

/** Fields by their number in proc(5), counted from one; the name in brackets may hold anything, spaces and brackets too. */
export function parseStat(line: string): ProcessStat {
  const end = line.lastIndexOf(')');
  const fields = line
    .slice(end + 2)
    .trim()
    .split(' ');
  const field = (number: number): number => Number(fields[number - 3]);
  const stat = {
    pid: Number.parseInt(line, 10),
    parent: field(4),
    ticks: field(14) + field(15) + field(16) + field(17),
    rssPages: field(24),
  };
  if (end < 0 || Object.values(stat).some(Number.isNaN))
    throw new TypeError(`no line of /proc/<pid>/stat: ${line.slice(0, 80)}`);
  return stat;
}

/** A process and all that descend from it. */
export function treeOf(root: number, stats: readonly ProcessStat[]): ProcessStat[] {
  const children = Map.groupBy(stats, ({ parent }) => parent);
  const tree = stats.filter(({ pid }) => pid === root);
  for (const { pid } of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

/** The first line of /proc/stat: idle and waiting for disks is not busy; the time of guests is in that of users already. */
export function parseMachine(text: string): MachineTime {
  const times = /^cpu +(.+)$/m.exec(text)?.[1]?.trim().split(/ +/).map(Number) ?? [];
  const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, hard = 0, soft = 0, stolen = 0] = times;
  if (times.length < 8) throw new TypeError('no line "cpu" of /proc/stat');
  const busy = user + nice + system + hard + soft + stolen;
  return { busy, all: busy + idle + wait };
}
