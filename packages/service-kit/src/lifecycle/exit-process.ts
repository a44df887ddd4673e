export type ExitProcess = (code: number) => void;

/** The only way out by force, for when a graceful one has failed or can't be trusted. */
export const exitProcess: ExitProcess = (code) => {
  // oxlint-disable-next-line unicorn/no-process-exit -- everything else lets the process end by itself
  process.exit(code);
};
