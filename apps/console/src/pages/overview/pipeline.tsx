import { isVerified } from '../../links/link-words.ts';
import type { ShownLink } from '../../links/merge-link.ts';
import { Section } from '../../ops/ops-page.tsx';
import { ageText, rateText, worstGroup } from '../../ops/system-figures.ts';
import { systemSamples, usePushNodes, useSystem } from '../../ops/use-system.ts';
import { Sparkline } from '../../ui/sparkline.tsx';
import { overviewCopy } from './copy.ts';
import styles from './pipeline.module.css';

const copy = overviewCopy.pipeline;

/** From the PBXs to the screens: how much flows, what waits. Only figures that are told; the others are a dash. */
export function Pipeline({ links }: { readonly links: readonly ShownLink[] }) {
  const { isWanted, system } = useSystem();
  const { nodes } = usePushNodes();
  if (!isWanted) return null;
  const { data } = system;
  const backlogs = data?.backlogs.ok === true ? data.backlogs.value : null;
  const worst = data === undefined ? null : worstGroup(data);
  const items = nodes.data?.items;
  const rate = rateText(systemSamples.of('rate').at(-1)?.value ?? null);
  const up = links.filter(isVerified).length;
  const slowest =
    items?.reduce<number | null>((most, { deliveryP99Ms }) => maxOf(most, deliveryP99Ms), null) ?? null;
  const connections = items?.reduce((sum, node) => sum + node.connections, 0);
  return (
    <Section title={copy.title}>
      <ol className={styles.pipeline} aria-label={copy.title}>
        <Stage name={copy.pbxs} figure={`${up} / ${links.length}`} more={copy.connected} />
        <Stage name={copy.connectors} figure={backlogs?.connectors} more={copy.alive} />
        <Stage name={copy.stream} figure={rate} more={copy.written} series="rate" />
        <Stage
          name={copy.workers}
          figure={worst?.lag}
          more={worst === null ? null : copy.behind(worst.group, ageText(worst.oldestMs))}
          series={worst === null ? null : `lag ${worst.group}`}
        />
        <Stage
          name={copy.outbox}
          figure={backlogs?.outbox.messages}
          more={backlogs === null ? null : copy.oldest(ageText(backlogs.outbox.oldestMs))}
          series="outbox"
        />
        <Stage
          name={copy.push}
          figure={items?.length}
          more={slowest === null ? copy.nodes : copy.p99(Math.round(slowest))}
        />
        <Stage name={copy.screens} figure={connections} more={copy.connected} />
      </ol>
    </Section>
  );
}

const maxOf = (one: number | null, other: number | null): number | null =>
  one === null ? other : other === null ? one : Math.max(one, other);

interface StageProps {
  readonly name: string;
  readonly figure: string | number | null | undefined;
  readonly more: string | null;
  readonly series?: string | null;
}

function Stage({ name, figure, more, series = null }: StageProps) {
  const shown = typeof figure === 'number' ? figure.toLocaleString('en') : (figure ?? '—');
  return (
    <li className={styles.stage}>
      <h3>{name}</h3>
      <span className={styles.figure}>{shown}</span>
      <span className={styles.more}>{more}</span>
      {series !== null && <Sparkline samples={systemSamples.of(series)} label={copy.lately(name, shown)} />}
    </li>
  );
}
