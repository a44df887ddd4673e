import { processTerminal } from './output/terminal.ts';
import { runCli } from './run-cli.ts';

// Whoever reads us, such as `head`, may have seen enough; the work is done all the same.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

// The first Ctrl-C lets the work in hand end well; the second finds nobody who listens, and ends the process.
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  terminal: processTerminal(process.env),
  signal: stop.signal,
});
