/**
 * `npm run capacity`: 1, 2 and 4 lifecycle workers and 1 and 2 push nodes under rising load; what each process, PostgreSQL and
 * Redis spend for an event, a delivery and a connection, and what ends first. The last line is JSON. `--save` keeps the figures
 * from which docs/scaling.md is made, and makes it. `--only ingest` or `--only push` leaves the other out.
 */
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { startTestServers } from '@trunkline/backing-services/testing';
import { endWhenIdle } from '@trunkline/service-kit';
import { readMeasured, writeMeasured, type Measured } from '../model/measured.ts';
import { writeScalingPage } from '../model/scaling-page.ts';
import { wholeNumber } from '../whole-number.ts';
import { measureIngest, type IngestReport } from './measure-ingest.ts';
import { measurePush, type PushReport } from './measure-push.ts';
import { ingestTable, pushTable, saturationTable } from './tables.ts';
import { ingestFigures, pushFigures } from './unit-costs.ts';

endWhenIdle();
const { values } = parseArgs({
  options: {
    workers: { type: 'string', default: '1,2,4' },
    nodes: { type: 'string', default: '1,2' },
    rates: { type: 'string', default: '20,100,300,600,1000' },
    connections: { type: 'string', default: '1000' },
    messages: { type: 'string', default: '10,20,40' },
    unheard: { type: 'string', default: '300' },
    seconds: { type: 'string', default: '8' },
    'warm-up': { type: 'string', default: '4' },
    only: { type: 'string' },
    save: { type: 'boolean', default: false },
  },
});
const measureMs = wholeNumber('--seconds', values.seconds, 1) * 1_000;
const warmUpMs = wholeNumber('--warm-up', values['warm-up'], 0) * 1_000;
const rates = rising('--rates', values.rates, 2);
const messages = rising('--messages', values.messages, 1);
if (values.only !== undefined && values.only !== 'ingest' && values.only !== 'push')
  throw new RangeError(`--only takes ingest or push; got ${JSON.stringify(values.only)}`);
const machine = `${availableParallelism()} cores (${cpus()[0]?.model ?? 'of an unknown kind'})`;

await using servers = await startTestServers((line) => console.log(line));
console.log(`${machine}; ${servers.label}`);

const ingest: IngestReport[] = [];
for (const workers of values.only === 'push' ? [] : rising('--workers', values.workers, 1)) {
  ingest.push(
    await measureIngest({
      workers,
      rates,
      warmUpMs,
      measureMs,
      pbxs: 6,
      phonesPerPbx: 300,
      onStep: (step) => console.log(ingestTable([step]).split('\n')[2]),
    }),
  );
}
const push: PushReport[] = [];
for (const nodes of values.only === 'ingest' ? [] : rising('--nodes', values.nodes, 1)) {
  push.push(
    await measurePush({
      nodes,
      connections: wholeNumber('--connections', values.connections, 1),
      rates: messages,
      unheardRate: wholeNumber('--unheard', values.unheard, 1),
      measureMs,
      onStep: (step) => console.log(pushTable([step]).split('\n')[2]),
    }),
  );
}

const steps = ingest.flatMap((report) => report.steps);
if (steps.length > 0)
  console.log(`\n${ingestTable(steps)}\n\n${saturationTable(steps, availableParallelism())}`);
if (push.length > 0) console.log(`\n${pushTable(push.flatMap((report) => report.steps))}\n`);
const problems = [...ingest, ...push].flatMap((report) => report.problems);
for (const problem of problems) console.log(`WRONG: ${problem}`);
const [first] = ingest;
const measured: Partial<Measured> = {
  on: { machine, day: new Date().toISOString().slice(0, 10) },
  ...(first !== undefined && { ingest: ingestFigures(first) }),
  ...(push.length > 0 && { push: pushFigures(push) }),
};
if (values.save && problems.length === 0) {
  // What was left out stays as it was measured before.
  const all = { ...readMeasured(), ...measured };
  writeMeasured(all);
  writeScalingPage(all);
}
console.log(JSON.stringify({ capacity: measured, problems: problems.length }));
if (problems.length > 0) process.exitCode = 1;

/** Such as 1,2,4: each more than the one before, so that what is measured first is what costs are taken from. */
function rising(option: string, text: string, countMin: number): number[] {
  const numbers = text.split(',').map((each) => wholeNumber(option, each, 1));
  const isRising = numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0));
  if (isRising && numbers.length >= countMin) return numbers;
  throw new RangeError(
    `${option} takes rising numbers, ${countMin} or more, such as 1,2,4; got ${JSON.stringify(text)}`,
  );
}
