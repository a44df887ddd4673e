import { createClient } from '@trunkline/realtime-client';
import {
  ConnectionStatus,
  RealtimeProvider,
  useCall,
  useCalls,
  useConnection,
  useConversation,
  useExtension,
  useExtensions,
  useTally,
  useTopic,
} from '@trunkline/realtime-react';
import { memo, startTransition, StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';

/** A page with every hook in it, mounted as strictly as React can. */
const client = createClient({
  token: 'h.eyJzdWIiOiJhbmEifQ.s',
  autoConnect: true,
  baseDelay: 3_000,
  fullJitter: false,
  maxReconnectAttempts: 10,
  heartbeatInterval: 1_000,
});

const world = globalThis as unknown as {
  document: { getElementById(id: string): never };
  lab: object;
};
const renders = new Map<string, number>();
/** Pictures in which two readers of one row saw different revisions. */
const torn: string[] = [];

const Tile = memo(function Tile({ extension }: { readonly extension: string }) {
  renders.set(extension, (renders.get(extension) ?? 0) + 1);
  const row = useExtension('p', extension);
  return <li data-extension={extension}>{row?.status ?? '—'}</li>;
});

/** Reads the same row by three ways; a slow one between them gives the store time to change. */
function Agreement() {
  const all = useExtensions(({ extension }) => extension === '0');
  const one = useExtension('p', '0');
  const burn = performance.now() + 2;
  while (performance.now() < burn);
  if (all[0]?.revision !== one?.revision) torn.push(`${all[0]?.revision} ${one?.revision}`);
  return <i id="revision">{one?.revision ?? 0}</i>;
}

function Calls() {
  const calls = useCalls(({ status }) => status !== 'held');
  const call = useCall('p', 'a');
  const { state } = useTopic('calls');
  return (
    <p id="calls" data-state={state}>
      {calls.map(({ call, status }) => `${call} ${status}`).join(', ')} / {call?.status ?? 'none'}
    </p>
  );
}

function Chat() {
  const { messages, isThinking, sendMessage } = useConversation('7');
  return (
    <p id="chat" data-thinking={isThinking} onClick={() => sendMessage('Hello')}>
      {messages.map(({ text }) => text).join(' ')}
    </p>
  );
}

function Board() {
  const { isConnected, healthScore } = useConnection();
  const tally = useTally('extension');
  const [isShown, show] = useState(true);
  Object.assign(world.lab, { show: (shown: boolean) => startTransition(() => show(shown)) });
  return (
    <>
      <ConnectionStatus showDetails />
      <b id="connected">{`${isConnected} ${healthScore}`}</b>
      <b id="tally">{JSON.stringify(tally)}</b>
      {isShown && (
        <ul>
          {Array.from({ length: 50 }, (_, number) => (
            <Tile key={number} extension={String(number)} />
          ))}
        </ul>
      )}
      <Agreement />
      <Calls />
      <Calls />
      <Chat />
    </>
  );
}

world.lab = { client, renders, torn };
createRoot(world.document.getElementById('root')).render(
  <StrictMode>
    <RealtimeProvider client={client}>
      <Board />
    </RealtimeProvider>
  </StrictMode>,
);
