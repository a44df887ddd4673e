import {
  context,
  isSpanContextValid,
  SpanKind,
  SpanStatusCode,
  trace,
  ROOT_CONTEXT,
  type Attributes,
  type Context,
  type Link,
  type Span,
  type SpanOptions,
} from '@opentelemetry/api';
import { redactSecrets } from '../logs/redact-secrets.ts';
import { traceIdOf, withTraceId } from './trace-id.ts';
import { formatTraceparent, parseTraceparent } from './traceparent.ts';

const TRACER = 'trunkline';

export interface WorkSpanOptions {
  readonly kind?: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  /** Given at the start, for samplers see nothing else. */
  readonly attributes?: Attributes;
  /** The traces that a batch works for; one span with links, and not a span an entry. */
  readonly links?: readonly (Link | undefined)[];
  /** The traceparent of the caller in another process. The active span is the parent unless given. */
  readonly parent?: string | undefined;
  /** What it is about, by its names: the span stands in the trace of that thing (`traceIdOf`), whatever is active. */
  readonly about?: readonly string[] | undefined;
}

const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

type Redact = (text: string) => string;

/** Whether spans go anywhere. While off, every function here returns at its first line. */
let redactError: Redact | undefined;

export function switchSpansOn(redact: Redact = redactSecrets): void {
  redactError = redact;
}

export function switchSpansOff(): void {
  redactError = undefined;
}

/** The active span as a traceparent, to be carried in a stream's entry or a job; nothing while tracing is off. */
export function currentTraceparent(): string | undefined {
  if (redactError === undefined) return undefined;
  const spanContext = trace.getActiveSpan()?.spanContext();
  return spanContext !== undefined && isSpanContextValid(spanContext)
    ? formatTraceparent(spanContext)
    : undefined;
}

/** A link to the trace that an entry came from; nothing while tracing is off or if the text is no traceparent. */
export function linkFrom(traceparent: string | undefined): Link | undefined {
  if (redactError === undefined || traceparent === undefined) return undefined;
  const spanContext = parseTraceparent(traceparent);
  return spanContext && { context: spanContext };
}

/** Given to the work when there is no span to write on. */
const SILENT_SPAN: Span = trace.wrapSpanContext({ traceId: '', spanId: '', traceFlags: 0 });

/** Runs the work inside a span, which ends when the work does and says whether it failed. */
export function withSpan<Result>(
  name: string,
  options: WorkSpanOptions,
  work: (span: Span) => Promise<Result>,
): Promise<Result> {
  const redact = redactError;
  if (redact === undefined) return work(SILENT_SPAN);
  const span = startSpan(name, options);
  return context.with(trace.setSpan(context.active(), span), () => finish(span, work, redact));
}

/** For work that is over, or that many share: a span that began at some time (ms since 1970) and ends now. */
export function recordSpan(name: string, options: WorkSpanOptions, startedAt: number): void {
  if (redactError === undefined) return;
  startSpan(name, options, startedAt).end();
}

export const isTracing = (): boolean => redactError !== undefined;

/**
 * Which trace a line of the log belongs to; nothing outside of spans and while tracing is off. A new object each time: the
 * logger writes the line's fields into it.
 */
export function traceFields(): { readonly traceId?: string; readonly spanId?: string } {
  if (redactError === undefined) return {};
  const spanContext = trace.getActiveSpan()?.spanContext();
  if (spanContext === undefined || !isSpanContextValid(spanContext)) return {};
  return { traceId: spanContext.traceId, spanId: spanContext.spanId };
}

function startSpan(name: string, options: WorkSpanOptions, startTime?: number): Span {
  const { about, parent } = options;
  const settings = { ...spanOptions(options), ...(startTime !== undefined && { startTime }) };
  const tracer = trace.getTracer(TRACER);
  if (about === undefined) return tracer.startSpan(name, settings, parentContext(parent));
  return withTraceId(traceIdOf(...about), () => tracer.startSpan(name, settings, ROOT_CONTEXT));
}

async function finish<Result>(
  span: Span,
  work: (span: Span) => Promise<Result>,
  redact: Redact,
): Promise<Result> {
  try {
    return await work(span);
  } catch (error) {
    const message = redact(error instanceof Error ? error.message : String(error));
    span.recordException({ name: error instanceof Error ? error.name : 'not an Error', message });
    span.setStatus({ code: SpanStatusCode.ERROR, message });
    throw error;
  } finally {
    span.end();
  }
}

function spanOptions({ kind = 'internal', attributes = {}, links = [] }: WorkSpanOptions): SpanOptions {
  return { kind: KINDS[kind], attributes, links: links.filter((link) => link !== undefined) };
}

function parentContext(parent: string | undefined): Context {
  const spanContext = parent === undefined ? undefined : parseTraceparent(parent);
  return spanContext ? trace.setSpanContext(context.active(), spanContext) : context.active();
}
