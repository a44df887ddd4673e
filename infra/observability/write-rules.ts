import { stringify } from 'yaml';
import { runbookUrl, type Alert } from './alerts/alert.ts';
import type { AlertGroup } from './alerts/all-alerts.ts';
import { evaluateEverySeconds } from './alerts/firing.ts';

const origin =
  ' Generated from infra/observability/alerts by `node infra/observability/generate.ts`; change them there.';

/** The file that Prometheus loads. */
export const writeRules = (groups: readonly AlertGroup[], runbooks: string): string =>
  withHead(' Alert rules of Trunkline, for `rule_files` of Prometheus.', specOf(groups, runbooks));

/** The same for the operator of Prometheus. */
export const writePrometheusRule = (groups: readonly AlertGroup[], runbooks: string): string =>
  withHead(' Alert rules of Trunkline, for the operator of Prometheus.', {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'trunkline' },
    spec: specOf(groups, runbooks),
  });

const withHead = (what: string, document: object): string =>
  `#${what}\n#${origin}\n${stringify(document, { lineWidth: 0 })}`;

const specOf = (groups: readonly AlertGroup[], runbooks: string) => ({
  groups: groups.map(({ name, alerts }) => ({
    name,
    interval: `${evaluateEverySeconds}s`,
    rules: alerts.map((alert) => ruleOf(alert, runbooks)),
  })),
});

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
