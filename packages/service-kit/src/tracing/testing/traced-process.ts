import { registerHooks } from 'node:module';

/** Prints which OpenTelemetry packages are loaded with tracing off, or switches it on, works and ends by itself. */
const loaded = new Set<string>();
registerHooks({
  resolve(specifier, context, next) {
    const [, name] = /^(@opentelemetry\/[\w-]+)/.exec(specifier) ?? [];
    if (name !== undefined) loaded.add(name);
    return next(specifier, context);
  },
});

const { createLogger, currentTraceparent, linkFrom, startTracing, withSpan } = await import('../../index.ts');
const endpoint = process.argv[2];
const logger = createLogger({ name: 'traced', level: 'warn', redactPhoneNumbers: true });
const tracing = await startTracing({ endpoint, serviceName: 'traced', logger });
const seen = await withSpan('work', {}, async () => currentTraceparent());
const link = linkFrom('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01');
await tracing.stop();
const report = { loaded: [...loaded].sort(), traceparent: seen ?? null, link: link ?? null };
process.stdout.write(`${JSON.stringify(report)}\n`);
