export { IngestLab, type LabPbx } from './ingest-lab.ts';
export { until } from './until.ts';
