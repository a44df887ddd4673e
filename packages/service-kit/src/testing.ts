/** What tests of other rooms use. */
export { startCollector } from './tracing/testing/collector.ts';
export { createMemoryLogger, type MemoryLogger } from './testing/memory-logger.ts';
