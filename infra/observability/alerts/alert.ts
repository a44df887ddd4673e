export interface Alert {
  /** Begins with `Trunkline`, so that it can be told apart among those of others. */
  readonly name: string;
  readonly query: string;
  readonly forSeconds: number;
  /** Page: calls or screens are wrong now, somebody is woken. Ticket: it can wait for the morning. */
  readonly severity: 'page' | 'ticket';
  /** One line, with labels as Prometheus fills them in. */
  readonly summary: string;
  /** What is the matter, and what it means to people. */
  readonly meaning: string;
  /** What to look at, in order. */
  readonly look: readonly string[];
  /** What to do about it. */
  readonly act: readonly string[];
}

/** Where the runbooks are to be read, unless the rules are generated for another place: nobody has this one. */
export const runbooksAt = 'https://trunkline.invalid/docs/runbooks/README.md';

/** Headings become anchors in lower case, as every renderer of Markdown does it. */
export const anchorOf = ({ name }: Pick<Alert, 'name'>): string => name.toLowerCase();

export const runbookUrl = (alert: Pick<Alert, 'name'>, runbooks: string): string =>
  `${runbooks}#${anchorOf(alert)}`;
