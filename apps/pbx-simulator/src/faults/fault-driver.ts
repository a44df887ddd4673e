import type { Logger } from '@trunkline/service-kit';
import type { Fault } from '../contract/fault.ts';
import type { Dialect } from '../dialects/dialect.ts';
import type { Gateway } from '../network/gateway.ts';
import type { LoginGuard } from '../network/login-guard.ts';
import { Timers } from '../timers.ts';
import type { ActiveFaults } from './active-faults.ts';
import type { Power } from './power.ts';

interface FaultDriverOptions {
  readonly active: ActiveFaults;
  readonly gateway: Gateway;
  readonly guard: LoginGuard;
  readonly dialect: Dialect;
  readonly power: Power;
  readonly logger: Logger;
}

/** Makes faults happen: at once, for a while, or by a schedule. */
export class FaultDriver {
  readonly #options: FaultDriverOptions;
  readonly #schedule = new Timers();

  constructor(options: FaultDriverOptions) {
    this.#options = options;
  }

  apply(fault: Fault): void {
    const { active, gateway, guard, dialect, power, logger } = this.#options;
    logger.info({ fault }, 'fault');
    switch (fault.kind) {
      case 'drop':
        gateway.cutAll(fault.how);
        return;
      case 'halfOpen':
        active.set(fault);
        gateway.freezeAll();
        return;
      case 'block':
        guard.blockAll(fault.ms);
        return;
      case 'expireTokens':
        dialect.expireTokens();
        return;
      case 'restart':
        power.restart(fault.downMs, fault.announce ?? false);
        return;
      case 'replaceApplication':
        dialect.replaceApplication(fault.quietly ?? false);
        return;
      case 'schedule':
        for (const step of fault.steps)
          this.#schedule.after(step.afterMs, () => {
            if (step.fault === 'heal') this.#healAll();
            else this.apply(step.fault);
          });
        return;
      case 'clockSkew':
      case 'endings':
      case 'frames':
      case 'loseHangups':
      case 'malformed':
      case 'recordings':
      case 'refuseCredentials':
      case 'singleMember':
      case 'slowReader':
      case 'snapshot':
      case 'unavailable':
        active.set(fault);
    }
  }

  heal(): void {
    this.#schedule.clear();
    this.#healAll();
    this.#options.logger.info('healed');
  }

  stop(): void {
    this.#schedule.clear();
  }

  #healAll(): void {
    const { active, gateway, guard, power } = this.#options;
    active.clear();
    guard.release();
    gateway.resetFrozen();
    power.upNow();
  }
}
