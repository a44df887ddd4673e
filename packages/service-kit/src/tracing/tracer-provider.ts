import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  RandomIdGenerator,
  SimpleSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { createLogExporter } from './log-exporter.ts';
import { switchSpansOn } from './spans.ts';
import type { TracingOptions } from './start-tracing.ts';
import { plannedTraceId } from './trace-id.ts';

/** The SDK keeps 128 links by default and drops the rest; a batch of events has more sources than that. */
const LINKS_MAX = 1_000;

/** Spans beyond this are dropped: tracing may lose, it may not grow while the collector is away. */
const SPANS_BUFFERED_MAX = 4_096;
const SPANS_A_REQUEST_MAX = 512;
const EXPORT_EVERY_MS = 2_000;
const EXPORT_MS_MAX = 5_000;

const random = new RandomIdGenerator();

const ids = {
  generateTraceId: () => plannedTraceId() ?? random.generateTraceId(),
  generateSpanId: () => random.generateSpanId(),
};

/** Everything that needs the SDK; imported only when tracing is on. Returns how to flush and shut down. */
export function startTracerProvider(options: TracingOptions): () => Promise<void> {
  const { endpoint, log = false, logger } = options;
  const spanProcessors = [
    ...(endpoint === undefined ? [] : [toCollector(endpoint)]),
    ...(log ? [new SimpleSpanProcessor({ exporter: createLogExporter(logger) })] : []),
  ];
  const provider = new TracerProvider({
    resource: defaultResource().merge(resourceFromAttributes({ 'service.name': options.serviceName })),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(options.sampleRatio ?? 1) }),
    spanLimits: { linkCountLimit: LINKS_MAX },
    spanProcessors,
    idGenerator: ids,
  });
  const contextManager = new AsyncLocalStorageContextManager();
  contextManager.enable();
  context.setGlobalContextManager(contextManager);
  trace.setGlobalTracerProvider(provider);
  switchSpansOn(options.redact);

  return async () => {
    await provider.shutdown();
    trace.disable();
    context.disable();
    contextManager.disable();
  };
}

function toCollector(endpoint: string): BatchSpanProcessor {
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    timeoutMillis: EXPORT_MS_MAX,
  });
  return new BatchSpanProcessor({
    exporter,
    maxQueueSize: SPANS_BUFFERED_MAX,
    maxExportBatchSize: SPANS_A_REQUEST_MAX,
    scheduledDelayMillis: EXPORT_EVERY_MS,
    exportTimeoutMillis: EXPORT_MS_MAX,
  });
}
