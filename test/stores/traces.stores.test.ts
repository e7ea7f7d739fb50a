import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { type ReceivedSpan, startOtlpReceiver } from '../../runtimes/lib/tracing/test/otlp-receiver.ts';
import { openCluster } from './path/cluster.ts';
import { eventually } from './path/pods.ts';
import { createPath, type Path } from './path/resources.ts';

/** Those whose trace has all of these, by trace. */
const wholeTraces = (spans: readonly ReceivedSpan[], names: readonly string[]): readonly ReceivedSpan[][] => {
  const byTrace = Map.groupBy(spans, ({ traceId }) => traceId);
  return [...byTrace.values()].filter((trace) => names.every((name) => trace.some((span) => span.name === name)));
};

const tracedPath = async (endpoint: string): Promise<Path> => {
  const path = await createPath(`traced-${randomUUID().slice(0, 8)}`, 'paced');
  onTestFinished(() => rm(path.folder, { recursive: true }));
  return { ...path, programs: path.programs.map((program) => ({ ...program, traces: { endpoint, share: 0.5 } })) };
};

test('an event is followed from its source through Kafka and windows to its prediction, in one trace', async () => {
  const receiver = await startOtlpReceiver();
  onTestFinished(receiver.close);
  const cluster = await openCluster(await tracedPath(receiver.endpoint));
  const readers = ['window-reposts', 'window-authors', 'scorer-virality'];
  await Promise.all(readers.map((name) => cluster.start(name)));
  await cluster.ready();
  await cluster.start('ingest-file');
  const stages = ['ingest', 'rekey', 'window', 'features', 'score', 'sink'];
  const isThere = async () => wholeTraces(receiver.spans, stages).length >= 10;
  await eventually('ten events are followed to the end', isThere, { pods: cluster.pods() });

  for (const trace of wholeTraces(receiver.spans, stages)) {
    const root = trace.find(({ name }) => name === 'ingest');
    expect(root).toMatchObject({ service: 'ingest-file' });
    expect(root?.parentSpanId ?? '').toBe('');
    const parentOf = (name: string) => {
      const span = trace.find((each) => each.name === name);
      return trace.find(({ spanId }) => spanId === span?.parentSpanId)?.name;
    };
    expect(['rekey', 'window', 'features', 'score', 'sink'].map(parentOf)).toEqual([
      ...['ingest', 'ingest', 'ingest', 'features', 'score'],
    ]);
    for (const { startTimeUnixNano: start, endTimeUnixNano: end } of trace)
      expect(BigInt(end)).toBeGreaterThanOrEqual(BigInt(start));
  }
  expect(new Set(receiver.spans.map(({ service }) => service))).toEqual(new Set(['ingest-file', ...readers]));

  const metrics = await fetch(`${cluster.pod('scorer-virality').healthUrl}/metrics`);
  expect(metrics.headers.get('content-type')).toContain('application/openmetrics-text');
  const text = await metrics.text();
  const [, traceId] =
    /pipeline_stage_seconds_bucket\{.*stage="sink".*\} \d+ # \{trace_id="([0-9a-f]{32})"\}/.exec(text) ?? [];
  expect(receiver.spans.map((span) => span.traceId)).toContain(traceId);
}, 180_000);
