import { defaultLimits } from './contract/limits.ts';
import type { Simulator, SimulatorControl, SimulatorOptions } from './contract/simulator.ts';
import { createCallHandle } from './control/call-handle.ts';
import { createPeople } from './control/people.ts';
import { settle } from './control/settle.ts';
import { createDialect } from './dialects/create-dialect.ts';
import { ActiveFaults } from './faults/active-faults.ts';
import { FaultDriver } from './faults/fault-driver.ts';
import { Power } from './faults/power.ts';
import { createCertificate, fingerprintOf } from './network/certificate.ts';
import { Gateway } from './network/gateway.ts';
import { LoginGuard } from './network/login-guard.ts';
import { createChance } from './random.ts';
import { createTallies } from './tallies.ts';
import { createPhones } from './telephony/create-phones.ts';
import { OrderError } from './telephony/desk.ts';
import { Exchange } from './telephony/exchange.ts';
import { createIdentities } from './telephony/identities.ts';
import { Timers } from './timers.ts';
import { Traffic } from './traffic/traffic.ts';

const EXTENSIONS = 20;
const defaultCredential = { username: 'trunkline', secret: 'simulated-secret' };

/** Starts a PBX of the given dialect and resolves when its port is open. */
export async function createSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { dialect: vendor, seed = 1, host = '127.0.0.1', tls = true, port = 0, logger } = options;
  const { credential = defaultCredential, extensions = EXTENSIONS } = options;
  const limits = { ...limitsOf(vendor), ...options.limits };
  const certificate = tls ? (options.certificate ?? (await createCertificate())) : null;

  const tallies = createTallies();
  const timers = new Timers();
  const delays = new Timers();
  const faults = new ActiveFaults(createChance(seed ^ 0xfa));
  const guard = new LoginGuard({ limits, faults, tallies, now: Date.now });
  const at = (realMs: number): number => realMs + (faults.get('clockSkew')?.ms ?? 0);
  const clock = { at, now: () => at(Date.now()), startedAt: () => at(power.startedAt) };
  const asterisk = vendor !== 'yeastar';
  const exchange = new Exchange({
    phones: createPhones(extensions, options.firstExtension),
    identities: createIdentities({ seed, prefix: asterisk ? 'simulator-' : '', now: clock.now }),
    now: Date.now,
    historyMax: limits.historyMax,
    pickupIsCall: asterisk,
    tellsDialling: asterisk,
    losesHangup: () => faults.losesHangup(),
  });
  const dialect = createDialect(vendor, {
    exchange,
    faults,
    guard,
    limits,
    credential,
    chance: createChance(seed ^ 0xd1),
    tallies,
    logger,
    clock,
    timers,
    delays,
    pickUpLater: createPeople({ exchange, limits, timers }),
  });
  const gateway = new Gateway({
    host,
    port,
    certificate,
    tallies,
    writeMs: () => faults.get('slowReader')?.ms ?? limits.writeMs,
    admit(source) {
      if (faults.get('halfOpen')?.acceptNone === true) return 'ignore';
      if (dialect.blockedSources === 'answer' || guard.blockedUntil(source) === null) return 'accept';
      guard.attempt(source, false);
      return 'refuse';
    },
    onConnection: (socket, source) => dialect.attach(socket, source),
  });
  const power = new Power({ exchange, dialect, gateway, logger });
  const driver = new FaultDriver({ active: faults, gateway, guard, dialect, power, logger });
  const traffic = new Traffic({ exchange, chance: createChance(seed), tallies, isUp: () => power.isUp });
  const stopping = new AbortController();

  exchange.listen((happening) => dialect.tell(happening));
  await gateway.open();
  if (options.traffic !== undefined) traffic.set(options.traffic);
  const { secure, plain } = dialect.scheme;
  const address = `${certificate === null ? plain : secure}://${host}:${gateway.port}`;
  logger.info({ dialect: vendor, address, extensions }, 'the simulated PBX is up');

  const control: SimulatorControl = {
    ledger: () => exchange.ledger(),
    counters() {
      const { placed, ended } = exchange.tally;
      const { skipped } = tallies.calls;
      const tokens = { ...tallies.tokens, live: dialect.liveTokens() };
      return structuredClone({ ...tallies, tokens, calls: { placed, ended, skipped } });
    },
    status: () =>
      structuredClone({
        isUp: power.isUp,
        traffic: traffic.model,
        faults: faults.all(),
        blockedUntil: guard.allBlockedUntil,
      }),
    traffic: (model) => traffic.set(model),
    settle: () => settle({ exchange, traffic, delays, signal: stopping.signal }),
    place(plan) {
      if (!power.isUp) throw new OrderError('the PBX is down: nobody can call');
      return createCallHandle(exchange, exchange.place(plan), vendor);
    },
    register: (extension, registered) => exchange.register(extension, registered),
    doNotDisturb: (extension, on) => exchange.doNotDisturb(extension, on),
    fault: (fault) => driver.apply(fault),
    heal: () => driver.heal(),
  };

  let stopped: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    stopping.abort(new Error('the simulator stops'));
    traffic.stop();
    driver.stop();
    timers.clear();
    delays.clear();
    await power.stop();
    dialect.stop();
  };
  const simulator: Simulator = {
    address,
    dialect: vendor,
    certificate:
      certificate === null ? null : { pem: certificate.cert, sha256: fingerprintOf(certificate.cert) },
    credential,
    control,
    stop: () => (stopped ??= stop()),
    [Symbol.asyncDispose]: () => simulator.stop(),
  };
  return simulator;
}

/** Only Asterisk cuts slow readers. */
function limitsOf(vendor: SimulatorOptions['dialect']): typeof defaultLimits {
  return vendor === 'yeastar' ? { ...defaultLimits, writeMs: 0 } : defaultLimits;
}
