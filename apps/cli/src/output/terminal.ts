/** Where a command writes. Tests hand in their own. */
export interface Terminal {
  /** What was asked for: it may be piped into something else. */
  out(text: string): void;
  /** What is said beside it. */
  note(text: string): void;
}

export const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(`${text}\n`),
  note: (text) => void process.stderr.write(`${text}\n`),
};
