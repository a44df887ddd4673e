import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** A line of a capture; see the README beside the fixtures. */
export interface CapturedLine {
  readonly t: number;
  readonly transport: 'ari' | 'ami' | 'ari-rest' | 'note';
  readonly raw: string;
  readonly ev?: string;
  readonly dir?: 'out';
  readonly id?: string;
  readonly code?: number;
  readonly status?: number;
  readonly path?: string;
}

export interface TrueCall {
  readonly caller: string;
  readonly dialled: string;
  readonly dialledAt: string;
  readonly direction?: string;
  readonly rang?: readonly string[];
  readonly answeredAt?: string;
  readonly answeredBy?: string;
  readonly queueAnsweredAt?: string;
  readonly endedAt?: string;
  readonly outcome: string;
  readonly linkedid?: string;
  readonly channels: readonly string[];
  readonly holds?: readonly { readonly from: string; readonly to: string }[];
}

export interface Truth {
  readonly calls: readonly TrueCall[];
  readonly linkedidsInOrder: readonly string[];
  readonly cel: readonly { readonly at: string; readonly type: string; readonly linkedid: string }[];
}

const folder = new URL('../../../fixtures/asterisk/', import.meta.url);

export const scenarios: readonly string[] = readdirSync(folder)
  .filter((name) => name.endsWith('.ndjson.gz'))
  .map((name) => name.slice(0, -'.ndjson.gz'.length))
  .sort();

const nameOf = (start: string): string => {
  const name = scenarios.find((scenario) => scenario.startsWith(`${start}-`) || scenario === start);
  if (name === undefined) throw new Error(`there is no capture ${start}`);
  return name;
};

export function readCapture(scenario: string): readonly CapturedLine[] {
  const text = gunzipSync(readFileSync(new URL(`${nameOf(scenario)}.ndjson.gz`, folder))).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as CapturedLine);
}

export const readTruth = (scenario: string): Truth =>
  JSON.parse(readFileSync(new URL(`${nameOf(scenario)}.truth.json`, folder), 'utf8')) as Truth;

/** What one client received from the PBX, without what happened to its socket. */
export const received = (
  lines: readonly CapturedLine[],
  transport: 'ari' | 'ami',
  client?: string,
): readonly CapturedLine[] =>
  lines.filter(
    (line) =>
      line.transport === transport && line.ev === undefined && line.dir !== 'out' && line.id === client,
  );
