import { cliPage } from './cli-page.ts';
import { configurationPage } from './configuration-page.ts';
import { eventsPage } from './events-page.ts';

export interface Page {
  /** From the root of the checkout. */
  readonly path: string;
  readonly text: string;
}

/** The pages that are made of declarations, and so can't say anything else. */
export const referencePages = (): readonly Page[] => [
  { path: 'docs/reference/configuration.md', text: configurationPage() },
  { path: 'docs/reference/events.md', text: eventsPage() },
  { path: 'docs/reference/cli.md', text: cliPage() },
];
