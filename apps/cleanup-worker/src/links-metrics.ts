import { linkConditions, readLinkFigures, type Database } from '@trunkline/database';
import type { Metrics } from '@trunkline/service-kit';
import { linksCatalogue } from './metrics-catalogue.ts';

/** How links stand as the database sees them: what connectors say of themselves is silent when they are all dead. */
export function measureLinks({ metrics, database }: { metrics: Metrics; database: Database }): void {
  const { unheld, shortestLease } = metrics.make(linksCatalogue, {
    links: async (gauge) => {
      const figures = await database.run(readLinkFigures);
      for (const state of linkConditions) gauge.set({ state }, figures.links[state]);
      unheld.set(figures.longestUnheldSeconds);
      shortestLease.set(figures.shortestLeaseSeconds);
    },
  });
}
