export type ExitProcess = (code: number) => void;

/** The only way out by force, for when a graceful one has failed or can't be trusted. */
export const exitProcess: ExitProcess = (code) => {
  // oxlint-disable-next-line unicorn/no-process-exit -- everything else lets the process end by itself
  process.exit(code);
};

/**
 * Once nothing keeps this process alive, it is over. Left to itself Node then takes down its own handles, and where a
 * request of theirs was lost it turns in that for ever at full speed: seen after hours of broken TLS connections, and told in
 * nodejs/node#47748. Everything of ours has ended by then, also what listens for the exit.
 */
export function endWhenIdle(): void {
  process.once('beforeExit', () => process.once('exit', exitProcess));
}
