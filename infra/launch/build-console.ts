import { ensureConsole } from '../console/ensure-console.ts';
import type { System } from './run-system.ts';

/** A console that can't be built is no reason to have no system: its page says so, and everything else works. */
export async function buildConsole({ paths: { root }, stop, warden, report }: System): Promise<void> {
  let pid: number | undefined;
  const onStart = (started: number): void => {
    pid = started;
    warden.watch(started, { signal: 'SIGTERM', as: 'app' });
  };
  try {
    await ensureConsole({ root, report, stop, onStart });
  } catch (error) {
    if (!stop.aborted) report(`The console is not up to date: ${(error as Error).message}`);
  } finally {
    if (pid !== undefined) warden.forget(pid);
  }
}
