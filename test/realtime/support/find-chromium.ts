import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const installMs = 300_000;

/** A Chromium of this machine: `CHROMIUM_PATH`, one on the PATH, or Debian's, installed where that is permitted. */
export function findChromium(): string {
  const given = process.env['CHROMIUM_PATH'];
  if (given !== undefined && given !== '') return given;
  const found = onPath();
  if (found !== undefined) return found;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    spawnSync('apt-get', ['update'], { timeout: installMs });
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], { timeout: installMs });
  }
  const installed = onPath();
  if (installed !== undefined) return installed;
  throw new Error(
    'These tests run in a real Chromium, and there is none here. Install one (Debian, Ubuntu: apt-get install chromium) or name it in CHROMIUM_PATH.',
  );
}

function onPath(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
}

/** The processes of a browser that draw pages and run their scripts, as the kernel knows them. */
export function renderersOf(userDataFolder: string): number[] {
  const lines = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' }).split('\n');
  return lines
    .filter((line) => line.includes('--type=renderer') && !line.includes('--extension-process'))
    .filter((line) => line.includes(userDataFolder))
    .map((line) => Number.parseInt(line, 10));
}
