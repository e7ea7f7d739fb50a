import { describe, expect, test } from 'vitest';
import { type FlinkStep, type FlinkWindow, flinkSqlOf, kafkaTables } from './index.ts';

const aWindow = (changes: Partial<FlinkWindow> = {}): FlinkWindow => ({
  pipeline: 'demo',
  window: 'w',
  input: { topic: { name: 'demo.events' }, where: "event.type in ['like', 'repost']" },
  key: ['post_id', 'tags'],
  shape: { kind: 'hop', sizeMs: 600_000, everyMs: 60_000 },
  head: 'Closed',
  emit: 'EveryWindow',
  watermark: { maxOutOfOrdernessMs: 20_000, idleTimeoutMs: 60_000 },
  allowedLatenessMs: 0,
  aggregations: [
    { kind: 'count', name: 'events' },
    { kind: 'sum', name: 'amount', field: 'event.attributes.amount', where: 'event.user.followers > 10' },
    { kind: 'distinct', name: 'people', field: 'event.user_id' },
    { kind: 'weightedSum', name: 'heat', by: 'event.type', weights: { repost: 2, like: 1 } },
    { kind: 'weightedSum', name: 'warmth', by: 'event.type', weights: { repost: 0.5 } },
    { kind: 'ratio', name: 'each', numerator: 'events', denominator: 'people' },
    { kind: 'expression', name: 'score', expression: 'heat > 10 ? each : amount' },
  ],
  sinks: [{ kind: 'topic', topic: { name: 'demo.results.w' } }],
  ...changes,
});

const compiled = (changes: Partial<FlinkWindow> = {}) =>
  flinkSqlOf(aWindow(changes), {
    environment: { variables: ['event'] },
    tables: kafkaTables({ brokers: 'kafka:9092', group: 'demo.window-w' }),
  });

test('a window becomes this script', async () => {
  const { statements, refusals } = compiled();
  expect(refusals).toEqual([]);
  await expect(`${statements.join(';\n\n')};\n`).toMatchFileSnapshot('golden/window.sql');
});

const step = { min: 1, max: 1, strict: false, absent: false };
const aPattern = (...sequence: readonly Partial<FlinkStep>[]): Partial<FlinkWindow> => ({
  shape: {
    kind: 'pattern',
    sequence: sequence.map((one, i) => ({ where: `event.links == ${i}`, ...step, ...one })),
    withinMs: 60_000,
    afterMatch: 'SkipPastLast',
  },
  aggregations: [
    { kind: 'count', name: 'events' },
    { kind: 'max', name: 'most', field: 'event.attributes.amount' },
  ],
});

test('a pattern becomes this script', async () => {
  const { statements, refusals } = compiled({
    ...aPattern({ min: 2, max: 4 }, { absent: true }, { strict: true, min: 2 }),
    tag: { name: 'keen' },
  });
  expect(refusals).toEqual([]);
  await expect(`${statements.join(';\n\n')};\n`).toMatchFileSnapshot('golden/pattern.sql');
});

test('events that match no step are left out where every step is relaxed', () => {
  const viewOf = (changes: Partial<FlinkWindow>) =>
    compiled(changes).statements.find((one) => one.startsWith('CREATE TEMPORARY VIEW taken'));
  const either = '(COALESCE((`links` = 0E0), FALSE) OR COALESCE((`links` = 1E0), FALSE))';
  expect(viewOf(aPattern({}, {}))).toContain(either);
  expect(viewOf(aPattern({}, { strict: true }))).not.toContain(either);
});

test('several sinks are one job', () => {
  const sinks = ['a', 'b'].map((name) => ({ kind: 'topic', topic: { name } }));
  expect(compiled({ sinks }).statements.at(-1)).toMatch(
    /^EXECUTE STATEMENT SET BEGIN\nINSERT INTO sink_0 [^\n]+;\nINSERT INTO sink_1 [^\n]+;\nEND$/,
  );
});

const only = (aggregation: FlinkWindow['aggregations'][number]): Partial<FlinkWindow> => ({
  aggregations: [aggregation],
});

const distinct = only({ kind: 'distinct', name: 'x', field: 'event.text' });

describe('what windows of SQL do not have is refused:', () => {
  test.each<[string, Partial<FlinkWindow>, string]>([
    ['heads', { head: 'Sawtooth' }, 'window.head to Flink SQL: its windows publish nothing before they close'],
    ['changes only', { emit: 'OnChange' }, 'emit to Flink SQL: its windows publish every key with content'],
    [
      'longest sessions',
      { shape: { kind: 'session', gapMs: 1, maxMs: 2 } },
      'window.session.maxDuration to Flink SQL: its sessions have no longest duration',
    ],
    ['lateness', { allowedLatenessMs: 1 }, 'watermark.allowedLateness to Flink SQL: its windows drop what is late'],
    ['late topics', { lateTopic: {} }, 'watermark.lateEvents to Flink SQL: its windows drop what is late'],
    ['Redis', { sinks: [{ kind: 'hash' }] }, 'sinks[0] to Flink SQL: there is no connector for a hash in Redis'],
    ['decay', { shape: { kind: 'decay' } }, 'window to Flink SQL: it has no decay windows'],
    ['fractions as keys', { key: ['user.followers'] }, 'key[0] to Flink SQL: Flink writes fractions in another form'],
    ['what is absent at the end', aPattern({}, { absent: true }), 'sequence[1].absent to Flink SQL: its matches end'],
    ['long patterns', aPattern({ min: 40, max: 40 }), 'it would need 79 variables, 64 are supported'],
    [
      'different values of matches',
      { ...aPattern({}), ...distinct },
      'it cannot count different values in MATCH_RECOGNIZE',
    ],
    ['no values', { ...aPattern({}), aggregations: [] }, 'aggregations to Flink SQL: a row needs a value'],
    ['the first value', only({ kind: 'first', name: 'x', field: 'event.text' }), 'FIRST_VALUE goes by arrival'],
    ['top values', only({ kind: 'topK', name: 'x', field: 'event.text' }), 'it has no equal of "topK"'],
    [
      'one attribute with two types',
      {
        input: { topic: { name: 't' }, where: "event.attributes.x == 'a'" },
        ...only({ kind: 'sum', name: 'x', field: 'event.attributes.x' }),
      },
      'attributes.x is read as STRING and as DOUBLE, a column has one type',
    ],
    ['part of a condition', { input: { topic: { name: 't' }, where: 'exp(event.links) > 1' } }, 'exp() has no equal'],
  ])('%s', (_, changes, why) => {
    const messages = compiled(changes).refusals.map(({ message }) => message);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain(why);
    expect(messages[0]).toMatch(/^Cannot compile [a-z][\w.[\]]* to Flink SQL: .+/);
  });
});
