import { execFileSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** The account a server that refuses root runs under, and how a command is made to run under it. */
export type ServerAccount = {
  readonly uid: number;
  readonly gid: number;
  /** The command line to use, which may go through setpriv, and what to pass to spawn. */
  command(file: string, args: readonly string[]): AccountCommand;
};

export type AccountCommand = {
  readonly file: string;
  readonly args: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
};

/** The only one it takes, and one that Docker leaves to root in a container. */
const privileges = '+dac_override';

/**
 * PostgreSQL refuses to run as root, so root lends it another account: `postgres` where there is one, else
 * `nobody`. That account must reach the data and the program, and a checkout below a private folder (mode 0700,
 * as `mktemp -d` and /root are) shuts it out. There `setpriv` starts the server under the account with just the
 * capability that looks past folder permissions. An ordinary user needs none of this: the answer is undefined.
 */
export function serverAccount(paths: readonly string[]): ServerAccount | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const { name, uid, gid } = lookUp('postgres') ?? lookUp('nobody') ?? noAccount();
  const blocked = paths.find((path) => !canReach(path, uid, gid));
  if (blocked === undefined) {
    return { uid, gid, command: (file, args) => ({ file, args, uid, gid }) };
  }
  const setpriv = onPath('setpriv');
  if (setpriv === undefined) {
    throw new Error(
      `PostgreSQL does not run as root, and the account "${name}" cannot enter ${blocked}. ` +
        `Install setpriv (package util-linux), move the checkout below a folder others may enter ` +
        `(chmod o+x), start as an ordinary user, or set DATABASE_URL.`,
    );
  }
  const switches = [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    `--inh-caps=${privileges}`,
    `--ambient-caps=${privileges}`,
    // Else access(), by which initdb looks for the server beside it, would be answered as if they were not there.
    '--securebits=+no_setuid_fixup',
  ];
  return { uid, gid, command: (file, args) => ({ file: setpriv, args: [...switches, file, ...args] }) };
}

/** Whether every folder above the path lets the account pass, and the path itself lets it read. */
export function canReach(path: string, uid: number, gid: number): boolean {
  if (!permits(path, uid, gid, 4)) return false;
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (!permits(folder, uid, gid, 1)) return false;
    if (folder === dirname(folder)) return true;
  }
}

function permits(path: string, uid: number, gid: number, right: 1 | 4): boolean {
  const { mode, uid: owner, gid: group } = statSync(path);
  const shift = owner === uid ? 6 : group === gid ? 3 : 0;
  return ((mode >> shift) & right) !== 0;
}

function lookUp(name: string): { name: string; uid: number; gid: number } | undefined {
  try {
    const [uid, gid] = ['-u', '-g'].map((flag) =>
      Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })),
    );
    return uid === undefined || gid === undefined ? undefined : { name, uid, gid };
  } catch {
    return undefined;
  }
}

function noAccount(): never {
  throw new Error(
    'PostgreSQL does not run as root, and this machine has neither an account "postgres" nor "nobody". ' +
      'Create one (useradd --system postgres), start as an ordinary user, or set DATABASE_URL.',
  );
}

/** The first executable of this name on the PATH, and where administrators' tools live besides. */
export function onPath(name: string, extra: readonly string[] = []): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return [...folders, ...extra, '/usr/bin', '/usr/sbin', '/sbin']
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
