import type { CallRow } from '@trunkline/realtime-client';
import { useRows, useTopic } from '@trunkline/realtime-react';
import { useDeferredValue, useMemo, useRef, useState } from 'react';
import { useSearchParams } from 'wouter';
import { callsCopy } from '../../calls/copy.ts';
import { useNamedCalls } from '../../calls/use-named-calls.ts';
import { PlaceCall } from '../../calls/place-call.tsx';
import { useShortcut } from '../../keyboard/use-shortcut.ts';
import { BarTools } from '../../shell/bar.tsx';
import { Button } from '../../ui/button.tsx';
import { FilterBox } from '../../ui/filter-box.tsx';
import { Notice } from '../../ui/notice.tsx';
import { SplitView } from '../../ui/side-panel.tsx';
import { CallPanel } from './call-panel.tsx';
import { liveCopy as copy } from './copy.ts';
import { LiveTable } from './live-table.tsx';
import { createPlacer, groups, matches, rowsByGroup } from './live-rows.ts';
import styles from './page.module.css';
import { useHolding } from './use-holding.ts';
import { useRowKeys } from '../../keyboard/use-row-keys.ts';

/** The calls that are open now, and for five seconds those that have just ended. */
export function Page() {
  const topic = useTopic('calls');
  const calls = useNamedCalls(useRows('call'));
  const [params, setParams] = useSearchParams();
  const text = useDeferredValue(params.get('q') ?? '');
  const selected = params.get('call');
  const scroller = useRef<HTMLDivElement>(null);
  const holding = useHolding(scroller, selected !== null);
  const { rows, waiting, show } = usePlaced(calls, text, holding);
  const shown = groups.flatMap((group) => rows[group]);
  const open = shown.filter(({ status }) => status !== 'ended').length;

  const change = (name: 'q' | 'call', value: string | null) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        if (value === null || value === '') next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  const close = () => change('call', null);
  const clear = () => change('q', null);
  useShortcut('Escape', copy.keys.clear, copy.section, text === '' ? null : clear);
  useShortcut('Escape', copy.keys.close, copy.section, selected === null ? null : close);
  useShortcut('r', copy.keys.show, copy.section, waiting > 0 ? show : null);
  useRowKeys(scroller);

  return (
    <>
      <BarTools>
        <FilterBox value={params.get('q') ?? ''} placeholder={copy.filter} onChange={(q) => change('q', q)} />
        <PlaceCall />
      </BarTools>
      <SplitView panel={selected !== null && <CallPanel key={selected} callKey={selected} onClose={close} />}>
        <div className={styles.summary}>
          <span>{topic.state === 'waiting' ? callsCopy.unknown : copy.count(open)}</span>
          <span role="status">
            {waiting > 0 && (
              <Button look="quiet" onClick={show}>
                {copy.waiting(waiting)}
              </Button>
            )}
          </span>
        </div>
        {shown.length === 0 && topic.state !== 'waiting' ? (
          <NothingToShow text={text} isRefused={topic.state === 'refused'} onClear={clear} />
        ) : (
          <LiveTable
            scroller={scroller}
            rows={rows}
            topic={topic}
            selected={selected}
            onSelect={(key) => change('call', key === selected ? null : key)}
          />
        )}
      </SplitView>
    </>
  );
}

/** Where rows stand, from one picture to the next. */
function usePlaced(calls: readonly CallRow[], text: string, isHolding: boolean) {
  const [placer] = useState(createPlacer);
  const [asked, setAsked] = useState(0);
  const filtered = useMemo(() => calls.filter((call) => matches(call, text)), [calls, text]);
  const { placement, waiting } = useMemo(
    () => placer.next(filtered, isHolding, `${asked} ${text}`),
    [placer, filtered, isHolding, asked, text],
  );
  const rows = useMemo(() => rowsByGroup(placement, filtered), [placement, filtered]);
  return { rows, waiting, show: () => setAsked((count) => count + 1) };
}

function NothingToShow(props: {
  readonly text: string;
  readonly isRefused: boolean;
  readonly onClear: () => void;
}) {
  const { text, isRefused, onClear } = props;
  if (isRefused) return <Notice title={copy.refused} />;
  if (text !== '') {
    return (
      <Notice title={copy.nothingFound(text)} action={<Button onClick={onClear}>{copy.clear}</Button>} />
    );
  }
  return <Notice title={copy.empty}>{copy.emptyLead}</Notice>;
}
