import { endWhenIdle } from '../../index.ts';

/** Ends when its timer has run; the test looks whether all that belongs to its end still comes. */
endWhenIdle();
process.exitCode = 3;
process.on('exit', () => process.stdout.write('listener of the exit\n'));
setTimeout(() => process.stdout.write(`${'x'.repeat(1_000_000)}\nwork is done\n`), 50);
