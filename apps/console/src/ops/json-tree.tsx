import { opsStyles } from './ops-page.tsx';
import styles from './json-tree.module.css';

/** Deeper things are shown as text; nobody's event is that deep. */
const depthMax = 12;

/** What was said, as a tree where it is JSON, else word by word. */
export function Payload({ text }: { readonly text: string }) {
  const value = parsed(text);
  return value === undefined ? (
    <pre className={opsStyles.verbatim}>{text}</pre>
  ) : (
    <Tree name={null} value={value} depth={0} />
  );
}

function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

interface TreeProps {
  readonly name: string | null;
  readonly value: unknown;
  readonly depth: number;
}

function Tree({ name, value, depth }: TreeProps) {
  const key = name === null ? null : <span className={styles.key}>{name}: </span>;
  if (typeof value !== 'object' || value === null || depth > depthMax) {
    return (
      <div>
        {key}
        {JSON.stringify(value)}
      </div>
    );
  }
  const entries = Object.entries(value);
  const size = Array.isArray(value) ? `[${entries.length}]` : `{${entries.length}}`;
  const inside = (
    <div className={styles.tree}>
      {entries.map(([field, one]) => (
        <Tree key={field} name={field} value={one} depth={depth + 1} />
      ))}
    </div>
  );
  if (name === null) return inside;
  return (
    <details open={depth < 3}>
      <summary>
        {key}
        {size}
      </summary>
      {inside}
    </details>
  );
}
