import { createValues, traceIdOf } from '@groundswell/process';
import { expect, onTestFinished, test } from 'vitest';
import { startOtlpReceiver } from '../test/otlp-receiver.ts';
import { createTracing } from './create-tracing.ts';
import { openTracing } from './open-tracing.ts';

const values = createValues({ directories: [], env: { GROUNDSWELL_SECRET_OTLP_HEADERS: 'x-key=a=b, x-team=news' } });
const program = { name: 'scorer-hits', pipeline: 'news' };
const startReceiver = async () => {
  const receiver = await startOtlpReceiver();
  onTestFinished(receiver.close);
  return receiver;
};

test('a program whose resource wants no traces has none', async () => {
  expect(await openTracing(program, values)).toBeUndefined();
});

test('what was done with an event arrives as one trace, of its times, with the headers for the receiver', async () => {
  const { endpoint, spans, requests } = await startReceiver();
  const headers = { from: 'secret' as const, name: 'otlp', key: 'headers' };
  const tracing = await openTracing({ ...program, traces: { endpoint: `${endpoint}/`, share: 1, headers } }, values);
  const carried = tracing?.begin({ name: 'ingest', startMs: 1_000, endMs: 1_002 }) ?? '';
  expect(carried).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  const next = tracing?.note({ name: 'score', startMs: 1_003, endMs: 1_007, attributes: { model: 'hits' } }, carried);
  await tracing?.close();
  expect(spans.map(({ name, service }) => [name, service])).toEqual([
    ['ingest', 'scorer-hits'],
    ['score', 'scorer-hits'],
  ]);
  const [ingest, score] = spans;
  expect(score).toMatchObject({ traceId: traceIdOf(carried), parentSpanId: ingest?.spanId });
  expect(score).toMatchObject({ startTimeUnixNano: '1003000000', endTimeUnixNano: '1007000000' });
  expect(score?.attributes).toEqual([{ key: 'model', value: { stringValue: 'hits' } }]);
  expect(next).toContain(score?.spanId);
  expect(requests[0]).toMatchObject({ path: '/v1/traces', headers: { 'x-key': 'a=b', 'x-team': 'news' } });
});

test('of the events, the share that is wanted is traced', async () => {
  const lots = [0.2, 0.009, 0.5, 0.001];
  const tracing = createTracing({
    ...{ endpoint: 'http://127.0.0.1:1', share: 0.01, headers: {}, program },
    random: () => lots.shift() ?? 1,
  });
  const traced = [1, 2, 3, 4].map(() => tracing.begin({ name: 'ingest', startMs: 0, endMs: 0 }) !== undefined);
  expect(traced).toEqual([false, true, false, true]);
});

test('headers that are none are refused, without a word of what they are', async () => {
  const spoilt = createValues({ directories: [], env: { GROUNDSWELL_SECRET_OTLP_HEADERS: 'hush' } });
  const headers = { from: 'secret' as const, name: 'otlp', key: 'headers' };
  const opened = openTracing({ ...program, traces: { endpoint: 'http://x', share: 1, headers } }, spoilt);
  await expect(opened).rejects.toThrow(
    /^Cannot read the headers for traces: name=value, separated by commas, is needed$/,
  );
});
