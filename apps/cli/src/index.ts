export { runCli, type CliOptions } from './run-cli.ts';
export { processTerminal, type Terminal } from './output/terminal.ts';
