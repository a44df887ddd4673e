import { createInterface } from 'node:readline/promises';
import { styleText } from 'node:util';

/** Where a command writes, and whom it may ask. Tests hand in their own. */
export interface Terminal {
  /** What was asked for: it may be piped into something else. */
  out(text: string): void;
  /** What is said beside it. */
  note(text: string): void;
  /** Somebody sits there, who can be asked and can watch a line change. */
  readonly isInteractive: boolean;
  /** Whether what is asked for may be coloured. */
  readonly hasColours: boolean;
  /** What was answered; null where nothing will be. */
  ask(question: string): Promise<string | null>;
  /** Writes over the line that it wrote last; nothing takes it away. */
  overwrite(text: string): void;
}

type Environment = Readonly<Record<string, string | undefined>>;

export const processTerminal = (env: Environment): Terminal => ({
  out: (text) => void process.stdout.write(`${text}\n`),
  note: (text) => void process.stderr.write(`${text}\n`),
  isInteractive: process.stdin.isTTY && process.stderr.isTTY,
  hasColours: mayColour(env, process.stdout.isTTY),
  ask,
  overwrite: (text) => void process.stderr.write(`\r\u001b[2K${text}`),
});

/** By no-color.org any value but an empty one means no. */
export const mayColour = (env: Environment, isTerminal: boolean): boolean =>
  isTerminal && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';

async function ask(question: string): Promise<string | null> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new Promise<null>((resolve) => lines.once('close', () => resolve(null)));
  try {
    return await Promise.race([lines.question(question), ended]);
  } finally {
    lines.close();
  }
}

/** For words that carry the bad news. What is coloured is never told by colour alone. */
export const alarmed = ({ hasColours }: Pick<Terminal, 'hasColours'>, text: string): string =>
  hasColours ? styleText('red', text, { validateStream: false }) : text;

/** For headings. */
export const heading = ({ hasColours }: Pick<Terminal, 'hasColours'>, text: string): string =>
  hasColours ? styleText('bold', text, { validateStream: false }) : text;
