import { runbooksAt } from './alerts/alert.ts';
import { alertGroups } from './alerts/all-alerts.ts';
import { chapters } from './catalogue.ts';
import { rows } from './dashboard/rows.ts';
import { writeDashboard } from './dashboard/write-dashboard.ts';
import { writeMetricsPage } from './write-metrics-page.ts';
import { writePrometheusRule, writeRules } from './write-rules.ts';
import { writeRunbooks } from './write-runbooks.ts';

/** All that is generated, by its path from the root. */
export const writtenFiles = (runbooks: string = runbooksAt): Readonly<Record<string, string>> => ({
  'infra/observability/generated/trunkline-rules.yaml': writeRules(alertGroups, runbooks),
  'infra/k8s/components/prometheus-operator/rules.yaml': writePrometheusRule(alertGroups, runbooks),
  'infra/observability/generated/trunkline-dashboard.json': writeDashboard(rows),
  'docs/metrics.md': writeMetricsPage(chapters),
  'docs/runbooks/README.md': writeRunbooks(alertGroups),
});
