import { useEffect, useState } from 'react';
import type { PushNode, SystemAnswer } from '../api/answers.ts';
import { useResource } from '../api/use-api.ts';
import { useMay } from '../session/session-provider.tsx';
import { createSamples } from './samples.ts';
import { noteSystem } from './system-figures.ts';

const askMs = 5_000;

/** Of this page; it goes on from page to page, and begins anew when it is loaded. */
export const systemSamples = createSamples();

/** Streams, queues and the rest, for whoever may see the installation as a whole. */
export function useSystem() {
  const isWanted = useMay('platform:read');
  const system = useResource<SystemAnswer>('/v1/platform/system', { isWanted, everyMs: askMs });
  const [, draw] = useState('');
  const { data } = system;
  useEffect(() => {
    if (data === undefined) return;
    noteSystem(systemSamples, data);
    draw(data.at);
  }, [data]);
  return { isWanted, system };
}

export function usePushNodes() {
  const isWanted = useMay('platform:read');
  const nodes = useResource<{ readonly items: readonly PushNode[] }>('/v1/platform/push-nodes', {
    isWanted,
    everyMs: askMs,
  });
  return { isWanted, nodes };
}
