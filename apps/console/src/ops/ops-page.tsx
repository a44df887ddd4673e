import { ArrowLeft } from 'lucide-react';
import { useId, type ReactNode } from 'react';
import { Link } from 'wouter';
import styles from './ops.module.css';

/** The room that operators' pages have in common. */
export const OpsPage = ({ lead, children }: { readonly lead?: ReactNode; readonly children: ReactNode }) => (
  <div className={styles.page}>
    {lead !== undefined && <p className={styles.lead}>{lead}</p>}
    {children}
  </div>
);

interface SectionProps {
  readonly title: string;
  readonly count?: ReactNode;
  readonly tools?: ReactNode;
  readonly children: ReactNode;
}

export function Section({ title, count, tools, children }: SectionProps) {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <div className={styles.heading}>
        <h2 id={id}>{title}</h2>
        {count !== undefined && <span className={styles.count}>{count}</span>}
        {tools !== undefined && <div className={styles.tools}>{tools}</div>}
      </div>
      {children}
    </section>
  );
}

export const Panel = ({ children }: { readonly children: ReactNode }) => (
  <div className={styles.panel}>{children}</div>
);

/** From a detail to its list. */
export const BackLink = ({ href, children }: { readonly href: string; readonly children: ReactNode }) => (
  <Link href={href} className={styles.back}>
    <ArrowLeft size={16} aria-hidden />
    {children}
  </Link>
);

/** Names and values; what is not known is left out by the caller or is a dash, never a zero. */
export const Facts = ({ facts }: { readonly facts: readonly (readonly [string, ReactNode])[] }) => (
  <dl className={styles.facts}>
    {facts.map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{value ?? '—'}</dd>
      </div>
    ))}
  </dl>
);

/** What became of something that was asked for; read out when it changes. */
export const Outcome = ({
  tone,
  children,
}: {
  readonly tone: 'ok' | 'danger' | 'plain';
  readonly children: ReactNode;
}) => (
  <p className={styles.outcome} data-tone={tone} role={tone === 'danger' ? 'alert' : 'status'}>
    {children}
  </p>
);

/** Keeps the place of rows that are on their way. */
export const Skeleton = ({ rows = 4 }: { readonly rows?: number }) => (
  <div className={styles.skeleton} role="status" aria-label="Loading">
    {Array.from({ length: rows }, (_, index) => (
      <i key={index} />
    ))}
  </div>
);

export const Field = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  <label className={styles.field}>
    <span>{label}</span>
    {children}
  </label>
);

export const opsStyles = styles;
