import type { Metrics } from '@groundswell/process';
import type { VariantDrift } from './drift/watch.ts';
import type { VariantStatus } from './models/serving.ts';
import type { Taken } from './stream/intake.ts';

const runBuckets = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1];
const rowBuckets = [1, 2, 4, 8, 16, 32, 64, 128, 256, 1024];
const eventBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];

/** What a scorer tells Prometheus. Labels name the model and its variants, never posts. */
export const createScorerMetrics = (metrics: Metrics, model: string) => {
  const events = metrics.counter('scorer_events_total', 'Events read', ['model']).labels(model);
  const invalid = metrics.counter('scorer_events_invalid_total', 'Records that are no events', ['model']).labels(model);
  const predictions = metrics.counter('scorer_predictions_total', 'Predictions written', [
    'model',
    'variant',
    'trigger',
  ]);
  const unscored = metrics.counter('scorer_scores_invalid_total', 'Scores that were no probability', [
    'model',
    'variant',
  ]);
  const outcomes = metrics.counter('scorer_outcomes_total', 'Posts whose label matured', ['model', 'positive']);
  const unlabelled = metrics
    .counter('scorer_outcomes_missing_total', 'Posts whose figure never came', ['model'])
    .labels(model);
  const runs = metrics.histogram('scorer_score_seconds', 'Time of one run of a model', runBuckets, [
    'model',
    'variant',
  ]);
  const batches = metrics.histogram('scorer_batch_rows', 'Rows of one run of a model', rowBuckets, [
    'model',
    'variant',
  ]);
  const memory = metrics.gauge(
    'scorer_model_bytes',
    'What the process grew by when the model was loaded; at least its file',
    ['model', 'variant'],
  );
  const delay = metrics
    .histogram(
      'scorer_event_to_prediction_seconds',
      'From ingest of an event to the written prediction',
      eventBuckets,
      ['model'],
    )
    .labels(model);
  const posts = metrics.gauge('scorer_posts', 'Posts that are followed', ['model']).labels(model);
  const watermark = metrics.gauge('scorer_watermark_seconds', 'Event time of the watermark', ['model']).labels(model);
  const ready = metrics.gauge('scorer_variant_ready', 'Whether the declared artifact serves', ['model', 'variant']);
  const share = metrics.gauge('scorer_variant_share', 'Share of the keys, of 100', ['model', 'variant']);

  const featureDrift = metrics.gauge(
    'scorer_feature_drift_psi',
    'Population stability index of a feature against the training rows',
    ['model', 'variant', 'feature'],
  );
  const scoreDrift = metrics.gauge(
    'scorer_score_drift_psi',
    'Population stability index of the score against the training rows',
    ['model', 'variant'],
  );

  let told: readonly string[] = [];

  return {
    taken: ({ records, poison }: Taken, followed: number, at: number) => {
      events.inc(records);
      invalid.inc(poison.length);
      posts.set(followed);
      if (Number.isFinite(at)) watermark.set(at / 1000);
    },
    prediction: (variant: string, trigger: string) => predictions.labels(model, variant, trigger).inc(),
    unscored: (variant: string) => unscored.labels(model, variant).inc(),
    outcome: (positive: boolean) => outcomes.labels(model, String(positive)).inc(),
    unlabelled: () => unlabelled.inc(),
    run: ({
      variant,
      rows,
      seconds,
    }: {
      readonly variant: string;
      readonly rows: number;
      readonly seconds: number;
    }) => {
      runs.labels(model, variant).observe(seconds);
      batches.labels(model, variant).observe(rows);
    },
    drift: (readings: readonly VariantDrift[]) => {
      for (const { variant, reading } of readings) {
        scoreDrift.labels(model, variant).set(reading.score);
        for (const [feature, psi] of reading.features) featureDrift.labels(model, variant, feature).set(psi);
      }
    },
    delay: (seconds: number) => delay.observe(seconds),
    variants: (statuses: readonly VariantStatus[]) => {
      // Not reset as a whole: another model in this process may tell its own by the same gauges.
      for (const name of told) {
        ready.remove(model, name);
        share.remove(model, name);
        memory.remove(model, name);
      }
      told = statuses.map(({ name }) => name);
      for (const { name, problem, effectiveShare, memory: bytes } of statuses) {
        ready.labels(model, name).set(problem === undefined ? 1 : 0);
        share.labels(model, name).set(effectiveShare);
        if (bytes !== undefined) memory.labels(model, name).set(bytes);
      }
    },
  };
};

export type ScorerMetrics = ReturnType<typeof createScorerMetrics>;
