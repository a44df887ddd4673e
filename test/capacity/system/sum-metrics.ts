import { parseExposition } from '../../../infra/observability/promql/parse-exposition.ts';
import type { RunningService } from './start-services.ts';

/** Sums of metrics over services, by name; a labelled one is summed over its labels. */
export type Sums = ReadonlyMap<string, number>;

const answerMs = 30_000;

/** What services count, as Prometheus would be told. */
export async function sumMetrics(
  services: readonly RunningService[],
  isWanted: (name: string, labels: Readonly<Record<string, string>>) => boolean,
): Promise<Sums> {
  const pages = await Promise.all(
    services.map(async ({ process }) => {
      const response = await fetch(`${process.said.operations}/metrics`, {
        signal: AbortSignal.timeout(answerMs),
      });
      return response.text();
    }),
  );
  const sums = new Map<string, number>();
  for (const { metric, labels, value } of pages.flatMap(parseExposition)) {
    if (metric !== null && isWanted(metric, labels)) sums.set(metric, (sums.get(metric) ?? 0) + value);
  }
  return sums;
}

/** Events that connectors have written into streams. */
export async function countEvents(services: readonly RunningService[]): Promise<number> {
  const written = 'trunkline_publisher_written_total';
  const connectors = services.filter(({ service }) => service === 'connector');
  return (await sumMetrics(connectors, (name) => name === written)).get(written) ?? 0;
}
