import { decimal, integer, oneOf, port, setting, text } from '@trunkline/service-kit';
import { dialects } from '../contract/simulator.ts';

const EXTENSIONS_MAX = 5_000;

/** What a simulator that runs by itself lets one set. */
export const simulatorSettings = {
  simulator: {
    dialect: setting({
      variable: 'TRUNKLINE_SIMULATOR_DIALECT',
      schema: oneOf(dialects),
      default: { value: 'yeastar', because: 'it is what most of those who try Trunkline have' },
      explain: 'Which vendor the simulated PBX speaks like.',
      example: 'asterisk-ari',
    }),
    host: setting({
      variable: 'TRUNKLINE_SIMULATOR_HOST',
      schema: text(),
      default: { value: '127.0.0.1', because: 'a PBX that invents calls has no business on a network' },
      explain: 'The address on which the simulated PBX and its control interface listen.',
      example: '0.0.0.0',
    }),
    port: setting({
      variable: 'TRUNKLINE_SIMULATOR_PORT',
      schema: port(),
      default: { value: '0', because: 'whoever needs it asks the control interface' },
      explain: 'The port of the simulated PBX. 0 takes any free one.',
      example: '8088',
    }),
    controlPort: setting({
      variable: 'TRUNKLINE_SIMULATOR_CONTROL_PORT',
      schema: port(),
      default: { value: '0', because: 'several simulators run on one machine; the log says the port' },
      explain:
        'The port of the control interface: ledger, counters, faults, traffic, calls. It knows no login.',
      example: '8099',
    }),
    seed: setting({
      variable: 'TRUNKLINE_SIMULATOR_SEED',
      schema: integer({ min: 0, max: 2 ** 31 - 1 }),
      default: { value: '1', because: 'the same calls each time are easier to talk about' },
      explain: 'Decides which calls happen.',
      example: '42',
    }),
    extensions: setting({
      variable: 'TRUNKLINE_SIMULATOR_EXTENSIONS',
      schema: integer({ min: 2, max: EXTENSIONS_MAX }),
      default: { value: '24', because: 'so many fit on a screen' },
      explain: 'How many phones there are, from 1001 on.',
      example: '200',
    }),
    callsPerSecond: setting({
      variable: 'TRUNKLINE_SIMULATOR_CALLS_PER_SECOND',
      schema: decimal({ min: 0, max: 1_000 }),
      default: { value: '0.3', because: 'with calls of half a minute this keeps half of the phones busy' },
      explain: 'How many calls begin each second. 0 makes none.',
      example: '5',
    }),
    username: setting({
      variable: 'TRUNKLINE_SIMULATOR_USERNAME',
      schema: text(),
      default: { value: 'trunkline', because: 'any name will do' },
      explain: 'The user (Yeastar: client id) that may log in.',
      example: 'trunkline',
    }),
    secret: setting({
      variable: 'TRUNKLINE_SIMULATOR_SECRET',
      schema: text(),
      default: { value: 'simulated-secret', because: 'there is nothing real to protect' },
      secret: true,
      explain: 'The secret of that user.',
      example: 'another-secret',
    }),
    certificateDirectory: setting({
      variable: 'TRUNKLINE_SIMULATOR_CERTIFICATE_DIR',
      schema: text(),
      optional: true,
      explain:
        'Where the self-signed certificate is kept, so that its fingerprint stays the same from start to start. Without it, each start makes a new one.',
      example: '.trunkline/simulator',
    }),
  },
};
