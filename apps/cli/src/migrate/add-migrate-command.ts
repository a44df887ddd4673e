import { prepareDatabase } from '@trunkline/database';
import type { Command } from 'commander';
import type { Bench } from '../bench.ts';
import type { OnBench } from '../on-bench.ts';
import { withExamples } from '../options/common.ts';

export function addMigrateCommand(trunkline: Command, onBench: OnBench): void {
  withExamples(trunkline.command('migrate'), 'migrate')
    .description('brings the database to the schema of this version; services wait for it')
    .action(() => onBench(runMigrate));
}

async function runMigrate(bench: Bench): Promise<void> {
  const { settings, terminal } = bench;
  const migrated = await prepareDatabase(settings.stores.databaseUrl, bench.now());
  terminal.out(
    migrated.length === 0
      ? 'The database has the schema of this version.'
      : `Migrated: ${migrated.join(', ')}`,
  );
}
