import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';

/** The parts of an exported span that the tests look at, as OTLP's JSON encoding names them. */
export interface ExportedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly kind: number;
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly attributes?: readonly unknown[];
  readonly status: { readonly code?: number; readonly message?: string };
  readonly events?: readonly unknown[];
}

export interface Collector extends AsyncDisposable {
  readonly endpoint: string;
  readonly paths: readonly string[];
  readonly spans: readonly ExportedSpan[];
  readonly serviceNames: ReadonlySet<string>;
}

interface OtlpRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly { key: string; value: { stringValue?: string } }[] };
    readonly scopeSpans: readonly { readonly spans: readonly ExportedSpan[] }[];
  }[];
}

/** An OpenTelemetry collector as far as an exporter can tell: it takes OTLP over HTTP and keeps what it gets. */
export async function startCollector(): Promise<Collector> {
  const paths: string[] = [];
  const spans: ExportedSpan[] = [];
  const serviceNames = new Set<string>();

  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      paths.push(request.url ?? '');
      const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
      keep(JSON.parse(text.toString()) as OtlpRequest);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });

  function keep({ resourceSpans }: OtlpRequest): void {
    for (const { resource, scopeSpans } of resourceSpans) {
      const name = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue;
      if (name !== undefined) serviceNames.add(name);
      for (const scope of scopeSpans) spans.push(...scope.spans);
    }
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    paths,
    spans,
    serviceNames,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
