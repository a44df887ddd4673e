import type { Simulator } from '../../api/answers.ts';
import { Countdown } from '../../links/countdown.tsx';
import { Loaded } from '../../ops/loaded.tsx';
import { Facts, OpsPage, Outcome, Panel, Section, opsStyles } from '../../ops/ops-page.tsx';
import { useRefresh } from '../../ops/use-refresh.ts';
import { useSession } from '../../session/session-provider.tsx';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { simulatorCopy as copy } from './copy.ts';
import { FaultCards } from './fault-cards.tsx';
import { faultName } from './faults.ts';
import { OpenCalls } from './open-calls.tsx';
import { Traffic } from './traffic.tsx';
import { useSimulator, useSteer } from './use-simulator.ts';

/** So that a newcomer sees each promise kept within a minute. */
export function Page() {
  const { config } = useSession();
  const asked = useSimulator(config.simulator);
  useRefresh(asked.refetch);
  if (!config.simulator) return <Notice title={copy.none}>{copy.noneLead}</Notice>;
  return (
    <OpsPage lead={copy.lead}>
      <Loaded from={asked} what={copy.what}>
        {(simulator) => (
          <>
            <Now simulator={simulator} />
            <Section title={copy.traffic}>
              <Traffic simulator={simulator} />
            </Section>
            <Section title={copy.faultsTitle}>
              <FaultCards simulator={simulator} />
            </Section>
            <Section title={copy.openCalls} count={simulator.calls.open}>
              <OpenCalls calls={simulator.openCalls} />
            </Section>
          </>
        )}
      </Loaded>
    </OpsPage>
  );
}

function Now({ simulator }: { readonly simulator: Simulator }) {
  const { isUp, dialect, sockets, calls, lostHangups, faults, blockedUntil } = simulator;
  const steer = useSteer();
  const isWell = faults.length === 0 && blockedUntil === null;
  return (
    <Section
      title={copy.now}
      tools={
        <Button
          look={isWell ? 'plain' : 'primary'}
          isBusy={steer.isPending}
          onClick={() => steer.mutate({ action: 'clear-faults' })}
        >
          {copy.clear}
        </Button>
      }
    >
      <Panel>
        <Facts
          facts={[
            [copy.state, isUp ? copy.up : copy.down],
            [copy.dialect, dialect],
            [copy.sockets, sockets],
            [copy.calls, calls.open],
            [copy.placed, calls.placed.toLocaleString('en')],
            [copy.ended, calls.ended.toLocaleString('en')],
            [copy.lost, lostHangups],
            [
              copy.faults,
              faults.length === 0 ? copy.noFaults : faults.map((one) => faultName(one.action)).join(', '),
            ],
            ...(blockedUntil === null
              ? []
              : [[copy.blockedUntil, <Countdown key="left" to={blockedUntil} withClock />] as const]),
          ]}
        />
      </Panel>
      {!isWell && <p className={opsStyles.quiet}>{copy.clearHelp}</p>}
      {steer.isError && <Outcome tone="danger">{steer.error.message}</Outcome>}
    </Section>
  );
}
