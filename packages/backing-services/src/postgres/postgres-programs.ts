/** The two programs a PostgreSQL needs to live: one makes a data folder, one serves it. */
export type PostgresPrograms = {
  readonly kind: 'postgres';
  readonly postgres: string;
  readonly initdb: string;
  readonly major: number;
  readonly version: string;
  /** Where it was found, for people. */
  readonly source: string;
};

export const postgresMajorMin = 15;
