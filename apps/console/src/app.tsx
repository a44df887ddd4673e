import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import type { RealtimeClient } from '@trunkline/realtime-client';
import { RealtimeProvider } from '@trunkline/realtime-react';
import type { Api } from './api/api.ts';
import { ApiContext } from './api/use-api.ts';
import { IncomingProvider } from './incoming/incoming-provider.tsx';
import type { Config } from './session/config.ts';
import { SessionProvider } from './session/session-provider.tsx';
import type { Session } from './session/session.ts';
import { Shell } from './shell/shell.tsx';
import { TooltipProvider } from './ui/tooltip.tsx';

export interface World {
  readonly config: Config;
  readonly session: Session;
  readonly api: Api;
  readonly live: RealtimeClient;
  readonly queries: QueryClient;
}

/** Everything lives outside of React and is handed in. */
export function App({ config, session, api, live, queries }: World) {
  return (
    <SessionProvider session={session} config={config}>
      <ApiContext value={api}>
        <QueryClientProvider client={queries}>
          <RealtimeProvider client={live}>
            <TooltipProvider>
              <IncomingProvider>
                <Shell />
              </IncomingProvider>
            </TooltipProvider>
          </RealtimeProvider>
        </QueryClientProvider>
      </ApiContext>
    </SessionProvider>
  );
}
