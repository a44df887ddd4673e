export { createSimulator } from './create-simulator.ts';
export { startControlApi, type ControlApi, type ControlApiOptions } from './control-api/start-control-api.ts';
export { simulatorSettings } from './service/simulator-settings.ts';
export {
  callKinds,
  type CallHandle,
  type CallKind,
  type CallPlan,
  type TransferOrder,
} from './contract/call-plan.ts';
export { type Counters } from './contract/counters.ts';
export {
  recordingFaults,
  type Fault,
  type FaultKind,
  type RecordingFault,
  type ScheduledFault,
  type SnapshotMode,
} from './contract/fault.ts';
export {
  endCauses,
  type CallDirection,
  type EndCause,
  type Ledger,
  type LedgerCall,
  type LedgerParty,
  type LedgerPhone,
  type LedgerStatus,
  type PhoneStatus,
} from './contract/ledger.ts';
export { defaultLimits, type Limits } from './contract/limits.ts';
export {
  dialects,
  type CertificatePair,
  type Credential,
  type Dialect,
  type Simulator,
  type SimulatorControl,
  type SimulatorOptions,
} from './contract/simulator.ts';
export { type Span, type TrafficModel } from './contract/traffic-model.ts';
export { OrderError } from './telephony/desk.ts';
