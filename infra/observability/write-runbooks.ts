import { anchorOf, type Alert } from './alerts/alert.ts';
import type { AlertGroup } from './alerts/all-alerts.ts';

const head = `<!-- Generated from infra/observability/alerts by \`node infra/observability/generate.ts\`; change it there. -->

# Runbooks

One section for each alert of [the rules](../../infra/observability/generated/trunkline-rules.yaml), under its name. A **page** wakes
somebody: calls or screens are wrong now. A **ticket** can wait for the morning. What each metric means stands in
[metrics.md](../metrics.md); how the system is run, in [operations.md](../operations.md).

Start with \`npm run trunkline -- status\`: it tells in one screen what is away, who holds what and what waits.
`;

const titles: Readonly<Record<string, string>> = {
  'trunkline-streams': 'Streams',
  'trunkline-links': 'Links to PBXs',
  'trunkline-screens': 'Screens',
  'trunkline-services': 'Services',
};

export function writeRunbooks(groups: readonly AlertGroup[]): string {
  const lines = groups.flatMap(({ name, alerts }) => alerts.map((alert) => contentsLine(name, alert)));
  const contents = `\n| alert | severity | about |\n| --- | --- | --- |\n${lines.join('\n')}\n`;
  const sections = groups.flatMap(({ name, alerts }) => [
    `\n## ${titles[name] ?? name}\n`,
    ...alerts.map(section),
  ]);
  return `${head}${contents}${sections.join('')}`;
}

const contentsLine = (group: string, alert: Alert): string =>
  `| [${alert.name}](#${anchorOf(alert)}) | ${alert.severity} | ${titles[group] ?? group} |`;

const section = ({ name, severity, query, forSeconds, meaning, look, act }: Alert): string => `
### ${name}

${meaning}

Severity: ${severity}${forSeconds > 0 ? `, after ${spanOf(forSeconds)}` : ', at once'}. Fires while:

\`\`\`promql
${query}
\`\`\`

Look at:

${look.map((step) => `- ${step}`).join('\n')}

Do:

${act.map((step) => `- ${step}`).join('\n')}
`;

const spanOf = (seconds: number): string => (seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`);
