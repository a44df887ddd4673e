import type { Terminal } from '../output/terminal.ts';

export interface TerminalBehaviour {
  /** Somebody sits there and answers each question in turn; without more answers the input ends. */
  readonly answers?: readonly string[];
  readonly hasColours?: boolean;
}

/** Keeps what a command writes. Nobody sits at it, unless there are answers. */
export class CapturedTerminal implements Terminal {
  readonly isInteractive: boolean;
  readonly hasColours: boolean;
  readonly asked: string[] = [];
  readonly overwritten: string[] = [];
  readonly #answers: string[];
  readonly #out: string[] = [];
  readonly #notes: string[] = [];

  constructor({ answers, hasColours = false }: TerminalBehaviour = {}) {
    this.isInteractive = answers !== undefined;
    this.hasColours = hasColours;
    this.#answers = [...(answers ?? [])];
  }

  get outText(): string {
    return this.#out.join('\n');
  }

  get noteText(): string {
    return this.#notes.join('\n');
  }

  out(text: string): void {
    this.#out.push(text);
  }

  note(text: string): void {
    this.#notes.push(text);
  }

  ask(question: string): Promise<string | null> {
    this.asked.push(question);
    return Promise.resolve(this.#answers.shift() ?? null);
  }

  overwrite(text: string): void {
    this.overwritten.push(text);
  }
}
