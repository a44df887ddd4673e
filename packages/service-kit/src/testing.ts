/** What tests of other rooms use. */
export { startCollector } from './tracing/testing/collector.ts';
