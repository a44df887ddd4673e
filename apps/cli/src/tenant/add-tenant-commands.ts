import type { Command } from 'commander';
import type { OnBench } from '../on-bench.ts';
import { withExamples, withJson, type JsonOption } from '../options/common.ts';
import { runTenantAdd, runTenantList } from './tenants.ts';

export function addTenantCommands(trunkline: Command, onBench: OnBench): void {
  const tenant = trunkline.command('tenant').description('whose PBXs and calls they are');
  withExamples(tenant.command('add'), 'tenant add "Acme Ltd"')
    .argument('<name>', 'what people call it')
    .description('adds a tenant')
    .action((name: string) => onBench((bench) => runTenantAdd(bench, name)));
  withExamples(withJson(tenant.command('list')), 'tenant list')
    .description('all tenants')
    .action((options: JsonOption) => onBench((bench) => runTenantList(bench, options)));
}
