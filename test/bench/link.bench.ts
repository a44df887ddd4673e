/** Frames decoded to events ready to be published, beside JSON.parse alone and the npm clients that people use. */
import type { Vendor } from '@trunkline/pbx';
import { deepStrictEqual } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { serveAmi } from './link/ami-server.ts';
import { serveAri } from './link/ari-server.ts';
import { amiMessages, ariFrames, jsonOfMessage } from './link/asterisk-frames.ts';
import { runContender, type Outcome } from './link/contender.ts';
import type { FrameServer } from './link/frame-server.ts';
import { readRecording, writeRecording, type Recording } from './link/recording.ts';
import { recordYeastar, yeastarFrames } from './link/yeastar-frames.ts';
import { interleave, median, ratio, report, runsMin, type Contender } from './measure.ts';

export async function bench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      frames: { type: 'string', default: '200000' },
      runs: { type: 'string', default: String(runsMin) },
      seed: { type: 'string', default: '1' },
      filtered: { type: 'boolean', default: false },
      only: { type: 'string' },
    },
  });
  await using folder = await temporaryFolder();
  const recordings = await record(folder.path, Number(values.frames), Number(values.seed), values.filtered);
  const { yeastar, ari, ami, amiJson } = recordings;
  await using ariServer = await serveAri(readRecording(ari.path));
  await using amiServer = await serveAmi(readRecording(ami.path));

  const said: Record<string, Outcome['said']> = {};
  const ofAllThreads: Record<string, number[]> = {};
  const contender = (
    name: string,
    file: string,
    vendor: Vendor,
    { path, frames }: Recording,
    server?: FrameServer,
  ): Contender => ({
    name,
    run: async () => {
      const outcome = await runContender(file, { vendor, path, frames, port: server?.port ?? 0 }, server);
      (ofAllThreads[name] ??= []).push(Math.round(outcome.events / outcome.secondsOfAllThreads));
      if (outcome.said.words > 0) said[name] = outcome.said;
      return outcome;
    },
  });
  const contenders: Contender[] = [
    contender('yeastar', './decode.ts', 'yeastar', yeastar),
    contender('yeastarJson', './json-parse.ts', 'yeastar', yeastar),
    contender('yeastarOutside', './json-parse-outside.ts', 'yeastar', yeastar),
    contender('ari', './decode.ts', 'asterisk-ari', ari),
    contender('ariJson', './json-parse.ts', 'asterisk-ari', ari),
    contender('ami', './decode.ts', 'asterisk-ami', ami),
    contender('amiJson', './json-parse.ts', 'asterisk-ami', amiJson),
    contender('ariLink', './link.ts', 'asterisk-ari', ari, ariServer),
    contender('ariClient', './ari-client.ts', 'asterisk-ari', ari, ariServer),
    contender('amiLink', './link.ts', 'asterisk-ami', ami, amiServer),
    contender('asteriskManager', './asterisk-manager.ts', 'asterisk-ami', ami, amiServer),
  ].filter(({ name }) => values.only === undefined || values.only.split(',').includes(name));
  const rates = await interleave(contenders, Number(values.runs));
  assertSame(said['ari'], said['ariLink']);
  assertSame(said['ami'], said['amiLink']);
  report(
    'link',
    {
      framesPerSecond: rates,
      framesPerSecondOfAllThreads: mediansOf(ofAllThreads),
      frames: figuresOf(recordings),
      said,
      filtered: values.filtered,
    },
    ratiosOf(rates),
  );
}

/** With a socket or without, the same frames must have said the same, or one of the two did less than its work. */
function assertSame(one?: Outcome['said'], other?: Outcome['said']): void {
  if (one !== undefined && other !== undefined) deepStrictEqual(one.words, other.words);
}

const mediansOf = (values: Readonly<Record<string, readonly number[]>>): Record<string, number> =>
  Object.fromEntries(Object.entries(values).map(([name, each]) => [name, median(each)]));

/** The lowest of the three dialects stands for all of them. */
function ratiosOf(rates: Readonly<Record<string, number>>): Record<string, number> {
  const of = (ours: string, theirs: string): number => ratio(rates[ours] ?? 0, rates[theirs] ?? 0);
  const jsonParseYeastar = of('yeastar', 'yeastarJson');
  const jsonParseAri = of('ari', 'ariJson');
  const jsonParseAmi = of('ami', 'amiJson');
  return {
    jsonParse: Math.min(jsonParseYeastar, jsonParseAri, jsonParseAmi),
    jsonParseYeastar,
    jsonParseAri,
    jsonParseAmi,
    jsonParseYeastarOutside: of('yeastar', 'yeastarOutside'),
    ariClient: of('ariLink', 'ariClient'),
    asteriskManager: of('amiLink', 'asteriskManager'),
  };
}

const figuresOf = ({ yeastar, ari, ami }: Record<'yeastar' | 'ari' | 'ami', Recording>): object =>
  Object.fromEntries(
    Object.entries({ yeastar, ari, ami }).map(([name, { frames, bytes }]) => [
      name,
      { frames, bytesEach: Math.round(bytes / frames) },
    ]),
  );

async function record(path: string, framesMin: number, seed: number, isFiltered: boolean) {
  console.log('recording a simulated PBX, and multiplying recorded traffic');
  const yeastar = yeastarFrames(await recordYeastar(seed), framesMin);
  const messages = [...amiMessages(framesMin, isFiltered)];
  return {
    yeastar: await writeRecording(join(path, 'yeastar'), yeastar),
    ari: await writeRecording(join(path, 'ari'), ariFrames(framesMin, isFiltered)),
    ami: await writeRecording(join(path, 'ami'), messages),
    amiJson: await writeRecording(join(path, 'ami-json'), messages.map(jsonOfMessage)),
  };
}

async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'trunkline-bench-link-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
