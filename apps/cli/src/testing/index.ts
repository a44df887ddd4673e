export { CapturedTerminal, type TerminalBehaviour } from './captured-terminal.ts';
export { CliLab, type Ran, type RunOptions } from './cli-lab.ts';
