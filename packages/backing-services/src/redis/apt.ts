import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../processes/run-command.ts';

const QUERY_TIMEOUT_MS = 60_000;
const DOWNLOAD_TIMEOUT_MS = 5 * 60_000;

/** Mixing another C library with this machine's loader cannot work, and every machine has one. */
const neverUnpacked = new Set(['libc6', 'libc-bin', 'dpkg', 'debconf']);

/**
 * apt as an ordinary user may use it: it reads the machine's sources and keys, and its lists as long as they
 * serve, and writes into a folder of ours only. Downloads keep apt's own checks of signatures and hashes.
 */
export class Apt {
  readonly #folder: string;
  #ownLists = false;

  constructor(folder: string) {
    this.#folder = folder;
    for (const part of ['state/lists/partial', 'cache/archives/partial']) {
      mkdirSync(join(folder, part), { recursive: true });
    }
  }

  /**
   * A machine without lists, or with old ones, gets lists of ours. One repository that does not answer makes apt
   * report failure although the others' lists are there, so what follows is judged by what can be found then; the answer is what apt had to say.
   */
  async fetchOwnLists(): Promise<string | undefined> {
    this.#ownLists = true;
    try {
      await this.#apt('apt-get', ['update'], DOWNLOAD_TIMEOUT_MS);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** The version that would be taken, undefined where no list knows the package. */
  async candidate(name: string): Promise<string | undefined> {
    const { stdout } = await this.#apt('apt-cache', ['policy', name], QUERY_TIMEOUT_MS);
    const version = /^\s*Candidate: (\S+)/m.exec(stdout)?.[1];
    return version === '(none)' ? undefined : version;
  }

  async dependencies(names: readonly string[]): Promise<string[]> {
    const only = ['--no-recommends', '--no-suggests', '--no-conflicts', '--no-breaks', '--no-replaces'];
    const { stdout } = await this.#apt(
      'apt-cache',
      ['depends', ...only, '--no-enhances', ...names],
      QUERY_TIMEOUT_MS,
    );
    const found = [...stdout.matchAll(/^\s*\|?(?:Pre)?Depends: ([^\s<>]+)$/gm)].map(
      (match) => match[1] ?? '',
    );
    return [...new Set(found)].filter((name) => !neverUnpacked.has(name));
  }

  async notInstalled(names: readonly string[]): Promise<string[]> {
    const states = await Promise.all(
      names.map(async (name) => {
        const query = ['-W', '-f', '${db:Status-Status}', name];
        const answer = await runCommand('dpkg-query', query, { timeoutMs: QUERY_TIMEOUT_MS }).catch(
          () => null,
        );
        return answer?.stdout === 'installed';
      }),
    );
    return names.filter((_, index) => states[index] === false);
  }

  /** Downloads the packages and unpacks their files into the folder; no script of theirs is run. */
  async unpack(names: readonly string[], into: string): Promise<void> {
    const downloads = mkdtempSync(join(this.#folder, 'download-'));
    try {
      await this.#apt('apt-get', ['download', ...names], DOWNLOAD_TIMEOUT_MS, downloads);
      for (const file of readdirSync(downloads).filter((name) => name.endsWith('.deb'))) {
        await runCommand('dpkg-deb', ['-x', join(downloads, file), into], { timeoutMs: QUERY_TIMEOUT_MS });
      }
    } finally {
      rmSync(downloads, { recursive: true, force: true });
    }
  }

  async #apt(tool: string, args: readonly string[], timeoutMs: number, cwd = this.#folder) {
    const options = {
      'Dir::Cache': join(this.#folder, 'cache'),
      ...(this.#ownLists ? { 'Dir::State': join(this.#folder, 'state') } : {}),
      'Dir::State::status': '/var/lib/dpkg/status',
      'Debug::NoLocking': 'true',
      // As root apt would download as the account "_apt", which cannot write to our folder, and warn about it.
      'APT::Sandbox::User': 'root',
      'Acquire::Retries': '2',
      'Acquire::http::Timeout': '20',
      'Acquire::https::Timeout': '20',
      'Acquire::Languages': 'none',
    };
    const switches = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
    return await runCommand(tool, ['-q', ...switches, ...args], {
      cwd,
      env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
      timeoutMs,
    });
  }
}
