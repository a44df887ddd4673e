import { pino } from 'pino';
import { createLogger } from './create-logger.ts';
import { redactLine } from './redact-line.ts';

/**
 * What redaction costs a line, and what it makes of the whole logger, beside a plain pino in the same run.
 * Run with `node packages/service-kit/src/logs/redact-line.bench.ts`; the last line is JSON.
 */
const RUNS = 7;
const LINES = 50_000;

const batch = { group: 'lifecycle', shard: 3, entries: 250, lastId: '1732147200000-17', tookMs: 12 };
const call = { pbx: '550e8400-e29b-41d4-a716-446655440000', caller: '+4915112345678', callee: '0301234567' };
const lines = {
  batch: lineOf(batch, 'a batch was applied'),
  call: lineOf(call, 'call from +49 151 1234567 through redis://:secret@host'),
};

function lineOf(fields: object, message: string): string {
  let line = '';
  pino({ name: 'bench' }, { write: (written: string) => void (line = written) }).info(fields, message);
  return line;
}

function microsecondsEach(work: () => void): number {
  const startedAt = performance.now();
  for (let turn = 0; turn < LINES; turn += 1) work();
  return ((performance.now() - startedAt) / LINES) * 1_000;
}

const sink = { write: () => {} };
const plain = pino({ name: 'bench' }, sink);
const ours = createLogger({ name: 'bench', level: 'info', redactPhoneNumbers: true, destination: sink });

const contestants: Record<string, () => void> = {
  redactBatchLine: () => void redactLine(lines.batch, { redactPhoneNumbers: true }),
  redactCallLine: () => void redactLine(lines.call, { redactPhoneNumbers: true }),
  redactBatchLineSecretsOnly: () => void redactLine(lines.batch, { redactPhoneNumbers: false }),
  logBatch: () => ours.info(batch, 'a batch was applied'),
  logBatchPlainPino: () => plain.info(batch, 'a batch was applied'),
};

const samples = new Map<string, number[]>(Object.keys(contestants).map((name) => [name, []]));
for (let run = 0; run < RUNS; run += 1) {
  for (const [name, work] of Object.entries(contestants)) samples.get(name)?.push(microsecondsEach(work));
}

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const figures = Object.fromEntries(
  [...samples].map(([name, values]) => [`${name}Microseconds`, Number(median(values).toFixed(2))]),
);
const ratios = {
  plainPino: Number(
    (median(samples.get('logBatch') ?? []) / median(samples.get('logBatchPlainPino') ?? [])).toFixed(2),
  ),
};
process.stdout.write(`${JSON.stringify({ bench: 'redact-line', figures, ratios })}\n`);
