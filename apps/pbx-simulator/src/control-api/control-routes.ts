import * as v from 'valibot';
import type { CallHandle } from '../contract/call-plan.ts';
import type { Simulator } from '../contract/simulator.ts';
import { isVerb, order, verbs } from './orders.ts';
import { overviewOf } from './overview-of.ts';
import { faultSchema, phoneSchema, planSchema, trafficSchema } from './schemas.ts';

export interface ControlAnswer {
  readonly status: number;
  readonly body?: unknown;
}

interface Asked {
  readonly parts: readonly string[];
  readonly body: unknown;
}

interface ControlRoute {
  readonly method: string;
  readonly pattern: RegExp;
  /** As a person would write it, for the answer to who asks for something else. */
  readonly usage: string;
  readonly handle: (desk: ControlDesk, asked: Asked) => ControlAnswer | Promise<ControlAnswer>;
}

/** Handles that are kept for orders; the oldest go, which the calls don't mind. */
const HANDLES_MAX = 10_000;

/** The simulator, and the calls that were placed here. */
export class ControlDesk {
  readonly simulator: Simulator;
  readonly #calls = new Map<string, CallHandle>();

  constructor(simulator: Simulator) {
    this.simulator = simulator;
  }

  keep(call: CallHandle): void {
    this.#calls.set(call.key, call);
    const [oldest] = this.#calls.keys();
    if (this.#calls.size > HANDLES_MAX && oldest !== undefined) this.#calls.delete(oldest);
  }

  find(key: string): CallHandle | undefined {
    return this.#calls.get(key);
  }
}

const ok = (body: unknown): ControlAnswer => ({ status: 200, body });
const done: ControlAnswer = { status: 204 };

export const controlRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    pattern: /^\/identity$/,
    usage: 'GET /identity',
    handle({ simulator: { address, dialect, certificate, credential } }) {
      // The secret is known to whoever started the simulator, and told to nobody else.
      return ok({ address, dialect, username: credential.username, certificate });
    },
  },
  {
    method: 'GET',
    pattern: /^\/ledger$/,
    usage: 'GET /ledger',
    handle: ({ simulator }) => ok(simulator.control.ledger()),
  },
  {
    method: 'GET',
    pattern: /^\/counters$/,
    usage: 'GET /counters',
    handle: ({ simulator }) => ok(simulator.control.counters()),
  },
  {
    method: 'GET',
    pattern: /^\/status$/,
    usage: 'GET /status',
    handle: ({ simulator }) => ok(overviewOf(simulator)),
  },
  {
    method: 'PUT',
    pattern: /^\/traffic$/,
    usage: 'PUT /traffic {"callsPerSecond": 2, "ringMs": [1000, 5000], ...}',
    handle({ simulator }, { body }) {
      simulator.control.traffic(v.parse(trafficSchema, body));
      return done;
    },
  },
  {
    method: 'DELETE',
    pattern: /^\/traffic$/,
    usage: 'DELETE /traffic',
    handle({ simulator }) {
      simulator.control.traffic(null);
      return done;
    },
  },
  {
    method: 'POST',
    pattern: /^\/faults$/,
    usage: 'POST /faults {"kind": "drop", "how": "reset"}',
    handle({ simulator }, { body }) {
      simulator.control.fault(v.parse(faultSchema, body));
      return done;
    },
  },
  {
    method: 'DELETE',
    pattern: /^\/faults$/,
    usage: 'DELETE /faults',
    handle({ simulator }) {
      simulator.control.heal();
      return done;
    },
  },
  {
    method: 'POST',
    pattern: /^\/calls$/,
    usage: 'POST /calls {"kind": "internal", "from": "1001", "to": "1002"}',
    handle(desk, { body }) {
      const call = desk.simulator.control.place(v.parse(planSchema, body));
      desk.keep(call);
      return { status: 201, body: { key: call.key } };
    },
  },
  {
    method: 'POST',
    pattern: /^\/calls\/([^/]+)\/([^/]+)$/,
    usage: `POST /calls/{key}/{${verbs.join('|')}}`,
    handle(desk, { parts: [key = '', verb = ''], body }) {
      const call = desk.find(key);
      if (call === undefined) return { status: 404, body: { error: `no call ${key} was placed here` } };
      if (!isVerb(verb))
        return { status: 404, body: { error: `a call can't ${verb}; it can ${verbs.join(', ')}` } };
      order(call, verb, body);
      return done;
    },
  },
  {
    method: 'PUT',
    pattern: /^\/phones\/([^/]+)$/,
    usage: 'PUT /phones/{number} {"registered": false, "doNotDisturb": true}',
    handle({ simulator: { control } }, { parts: [number = ''], body }) {
      const { registered, doNotDisturb } = v.parse(phoneSchema, body);
      if (registered !== undefined) control.register(number, registered);
      if (doNotDisturb !== undefined) control.doNotDisturb(number, doNotDisturb);
      return done;
    },
  },
  {
    method: 'POST',
    pattern: /^\/settle$/,
    usage: 'POST /settle',
    async handle({ simulator }) {
      await simulator.control.settle();
      return done;
    },
  },
];
