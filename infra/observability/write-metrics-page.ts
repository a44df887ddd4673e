import type { MetricDefinition } from '@trunkline/service-kit';
import type { Chapter } from './catalogue.ts';

const head = `<!-- Generated from the catalogues in the code by \`node infra/observability/generate.ts\`; change it there. -->

# Metrics

Every service serves its metrics at \`/metrics\` of its operations port, in the text format of Prometheus. All have the label \`app\`, and
the metrics of [Node and the process](https://github.com/siimon/prom-client#default-metrics) are there as well. Times are in
seconds. Labels have few values each: no call, extension, phone number or tenant is a label, ever.

Alerts on them, with what to do: [runbooks](runbooks/README.md). A dashboard for Grafana:
[trunkline-dashboard.json](../infra/observability/generated/trunkline-dashboard.json).

## What is asked of a system like this, and where it is

| question | metric |
| --- | --- |
| how far behind is a group | \`trunkline_stream_lag_entries\`, \`trunkline_stream_oldest_unread_age_seconds\` |
| what is pending with which consumer | nothing can be: the offset lies with the effects, so there is no list of pending entries |
| redeliveries | \`trunkline_stream_entries_total{outcome="duplicate"}\`, \`trunkline_stream_batch_failures_total\` |
| writes of somebody who has lost his place | \`trunkline_stream_fenced_batches_total\`, \`trunkline_link_leases_lost_total\` |
| gaps | \`trunkline_stream_gap_entries_total\`, \`trunkline_stream_trimmed_unread_entries_total\`, \`trunkline_stream_resets_total\` |
| dead letters | \`trunkline_dead_letters\`, \`trunkline_dead_letters_oldest_age_seconds\` |
| who holds a PBX, and for how long nobody has | \`trunkline_links\`, \`trunkline_pbx_links\`, \`trunkline_pbx_longest_unheld_seconds\`, \`trunkline_pbx_shortest_lease_seconds\` |
| browsers, what waits for them, what they were not told | \`trunkline_push_connections\`, \`trunkline_push_buffered_bytes\`, \`trunkline_push_lagging_total\`, \`trunkline_push_conflated_rows_total\` |
| who came back too late to catch up | \`trunkline_push_subscribed_total{answer="gap"}\` |
| from the PBX to the database | \`trunkline_publisher_write_seconds\`, then \`trunkline_stream_commit_delay_seconds\` |
| from the database to the browser | \`trunkline_feed_deliver_seconds\`, then \`trunkline_push_delivery_seconds\` |

The way from the PBX to the browser is the sum of the last four. Each hop is measured by one clock, so that clocks that differ cannot make a
wrong figure of the whole; the first and the second count the oldest event of each write and batch, which is the slowest.
`;

export const writeMetricsPage = (chapters: readonly Chapter[]): string =>
  `${head}${chapters.map(chapter).join('')}`;

const chapter = ({ title, services, catalogue }: Chapter): string => `
## ${title}

Of ${services === 'all' ? 'all services' : services}.

| metric | kind | labels | what it is |
| --- | --- | --- | --- |
${Object.values(catalogue).map(row).join('\n')}
`;

const row = (definition: MetricDefinition): string =>
  `| \`${definition.name}\` | ${definition.kind} | ${labelsOf(definition)} | ${definition.help} |`;

const labelsOf = ({ labels = {} }: MetricDefinition): string =>
  Object.entries(labels)
    .map(([label, values]) => `\`${label}\`: ${typeof values === 'string' ? values : values.join(', ')}`)
    .join('; ');
