import { stringify } from 'yaml';
import { runbookUrl, type Alert } from './alerts/alert.ts';
import type { AlertGroup } from './alerts/all-alerts.ts';
import { evaluateEverySeconds } from './alerts/firing.ts';

const head = [
  ' Alert rules of Trunkline, for `rule_files` of Prometheus or as the spec of a PrometheusRule.',
  ' Generated from infra/observability/alerts by `node infra/observability/generate.ts`; change them there.',
];

/** The file that Prometheus loads. */
export function writeRules(groups: readonly AlertGroup[], runbooks: string): string {
  const document = {
    groups: groups.map(({ name, alerts }) => ({
      name,
      interval: `${evaluateEverySeconds}s`,
      rules: alerts.map((alert) => ruleOf(alert, runbooks)),
    })),
  };
  return `${head.map((line) => `#${line}\n`).join('')}${stringify(document, { lineWidth: 0 })}`;
}

const ruleOf = (alert: Alert, runbooks: string) => ({
  alert: alert.name,
  expr: alert.query,
  ...(alert.forSeconds > 0 && { for: `${alert.forSeconds}s` }),
  labels: { severity: alert.severity },
  annotations: {
    summary: alert.summary,
    description: alert.meaning,
    runbook_url: runbookUrl(alert, runbooks),
  },
});
