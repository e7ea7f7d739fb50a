import type { Tracing, Work } from '@groundswell/process';
import {
  type Context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  SpanKind,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

export interface TracingOptions {
  /** Of an OTLP receiver over HTTP; `/v1/traces` is behind it. */
  readonly endpoint: string;
  /** Of the events, 0..1. What follows from an event is traced where the event is. */
  readonly share: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly program: { readonly name: string; readonly pipeline: string };
  /** Uniform in [0, 1). Absent: that of the runtime. */
  readonly random?: () => number;
}

const tracesUrl = (endpoint: string): string =>
  endpoint.endsWith('/v1/traces') ? endpoint : `${endpoint.replace(/\/+$/, '')}/v1/traces`;

/** Spans are made when what they tell of is over, so nothing has to be carried through a program but the header. */
export const createTracing = ({ endpoint, share, headers, program, random = Math.random }: TracingOptions): Tracing => {
  const exporter = new OTLPTraceExporter({ url: tracesUrl(endpoint), headers: { ...headers } });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': program.name, 'service.namespace': program.pipeline }),
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: 1_000 })],
  });
  const tracer = provider.getTracer('groundswell');
  const w3c = new W3CTraceContextPropagator();

  const record = ({ name, startMs, endMs, attributes = {} }: Work, kind: SpanKind, parent: Context): string => {
    // Numbers would be taken for times of this process.
    const startTime = new Date(Math.min(startMs, endMs));
    const span = tracer.startSpan(name, { startTime, kind, attributes: { ...attributes } }, parent);
    span.end(new Date(endMs));
    const carrier: Record<string, string> = {};
    w3c.inject(trace.setSpan(ROOT_CONTEXT, span), carrier, defaultTextMapSetter);
    return carrier['traceparent'] ?? '';
  };
  return {
    begin: (work) => (random() < share ? record(work, SpanKind.PRODUCER, ROOT_CONTEXT) : undefined),
    note: (work, parent) =>
      record(work, SpanKind.CONSUMER, w3c.extract(ROOT_CONTEXT, { traceparent: parent }, defaultTextMapGetter)),
    close: () => provider.shutdown().catch(() => undefined),
  };
};
