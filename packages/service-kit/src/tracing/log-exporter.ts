import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import type { Logger } from '../logs/create-logger.ts';

/** Writes each finished span as a line of the log, for whoever has no collector: a call's way is what has its traceId. */
export const createLogExporter = (logger: Logger): SpanExporter => ({
  export(spans, done) {
    for (const span of spans) logger.info(fieldsOf(span), `span: ${span.name}`);
    done({ code: 0 });
  },
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
});

function fieldsOf(span: ReadableSpan): object {
  const { traceId, spanId } = span.spanContext();
  const [seconds, nanoseconds] = span.duration;
  const links = span.links.map(({ context }) => context.traceId);
  return {
    ...span.attributes,
    traceId,
    spanId,
    ...(span.parentSpanContext && { parentSpanId: span.parentSpanContext.spanId }),
    ...(links.length > 0 && { links }),
    durationMs: Math.round(seconds * 1e3 + nanoseconds / 1e6),
  };
}
