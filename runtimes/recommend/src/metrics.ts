import { type Clock, createRecentLatencies, type Metrics } from '@groundswell/process';
import type { Weights } from '@groundswell/recommending';
import type { Fallback } from '@groundswell/wire';

/** What a Recommender tells of itself. */
export interface RecommendMetrics {
  answered(answer: {
    readonly seconds: number;
    readonly cached: boolean;
    readonly cold: boolean;
    readonly fallbacks: readonly Fallback[];
    readonly items: number;
  }): void;
  refused(): void;
  /** Weights of a blend that is learned. */
  weighed(weights: Weights): void;
  success(): void;
  /** Answering a request in the last minute or two, 99th percentile, ms; undefined where nobody asked. */
  p99Ms(): number | undefined;
  /** Since the start. */
  produced(): Readonly<Record<string, number>>;
}

const recentMs = 60_000;

export const createRecommendMetrics = (metrics: Metrics, recommender: string, clock: Clock): RecommendMetrics => {
  const own = { recommender };
  const labels = ['recommender'] as const;
  const seconds = metrics.histogram(
    'recommend_request_seconds',
    'From a request to its answer.',
    [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1],
    labels,
  );
  const answers = metrics.counter('recommend_answers_total', 'Requests answered.', ['recommender', 'cached', 'cold']);
  const fell = metrics.counter('recommend_fallbacks_total', 'Answers without a part of what they should be made of.', [
    'recommender',
    'fallback',
  ]);
  const refusals = metrics.counter('recommend_refused_total', 'Requests that were not right.', labels);
  const successes = metrics.counter('recommend_successes_total', 'Recommended items that were a success.', labels);
  const weights = metrics.gauge('recommend_blend_weight', 'Weights of a blend that is learned.', [
    'recommender',
    'score',
  ]);
  const latencies = createRecentLatencies(clock, recentMs);
  const produced = {
    requests: 0,
    'from the cache': 0,
    'of new users': 0,
    'fallen back': 0,
    'items shown': 0,
    successes: 0,
  };
  return {
    answered: (answer) => {
      seconds.observe(own, answer.seconds);
      latencies.note(1_000 * answer.seconds);
      answers.inc({ ...own, cached: String(answer.cached), cold: String(answer.cold) });
      for (const fallback of answer.fallbacks) fell.inc({ ...own, fallback });
      produced.requests++;
      if (answer.cached) produced['from the cache']++;
      else produced['items shown'] += answer.items;
      if (answer.cold) produced['of new users']++;
      if (answer.fallbacks.length > 0) produced['fallen back']++;
    },
    refused: () => refusals.inc(own),
    weighed: ({ realTime, offline }) => {
      weights.set({ ...own, score: 'real_time' }, realTime);
      weights.set({ ...own, score: 'offline' }, offline);
    },
    p99Ms: () => latencies.recent().quantile(0.99),
    success: () => {
      successes.inc(own);
      produced.successes++;
    },
    produced: () => ({ ...produced }),
  };
};
