/** A terminal sends Ctrl-C to the whole group and npm passes it on as well: what comes this soon is the same one. */
const SAME_SIGNAL_MS = 1_000;

/**
 * Aborts at the first SIGINT, SIGTERM or SIGHUP. Whoever sends a second does not want to wait: the process ends at
 * once and its warden stops the rest.
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  let firstAt: number | undefined;
  const onSignal = () => {
    firstAt ??= performance.now();
    // oxlint-disable-next-line unicorn/no-process-exit -- an orderly end is what the second signal refuses
    if (performance.now() - firstAt > SAME_SIGNAL_MS) process.exit(130);
    controller.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  return controller.signal;
}
