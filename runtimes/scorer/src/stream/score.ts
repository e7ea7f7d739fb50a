import type { FeatureSet } from '@groundswell/features';
import type { ScorerProgram } from '@groundswell/graph';
import { type Latencies, type Stages, traceIdOf } from '@groundswell/process';
import type { KeyValueBatch, OutRecord, Ports, Producer } from '@groundswell/stores';
import { createDriftWatch, type DriftWatch } from '../drift/watch.ts';
import type { ScorerMetrics } from '../metrics.ts';
import type { Serving } from '../models/serving.ts';
import type { CalibrationBook } from './calibration.ts';
import { type Explained, explain, type Means } from './explain.ts';
import { createPublisher, type Logged, outcomeRecord } from './publish.ts';
import type { Effect, Schedule, ScoreEffect } from './schedule.ts';
import { createScorePosts, type Moment, type Scored } from './score-posts.ts';
import { createShowcase, type Showcase } from './showcase.ts';
import type { Top } from './top.ts';

/** Effects of one round trip: bounds the memory when much is due at once, as at the end of a replay. */
const maxOfRound = 512;

/**
 * So many steps with input may pass until models run on what was read: rows of several steps share a run. The first
 * step without input runs them at once, so nothing waits when there is no rush. Counted in steps and not in time, so
 * that two replays batch alike.
 */
const maxStepsOfBatch = 16;

/** What all doors share. */
export interface ScoringParts {
  readonly set: FeatureSet;
  readonly serving: Serving;
  readonly metrics: ScorerMetrics;
}

export interface ScoringOptions extends ScoringParts {
  readonly ports: Pick<Ports, 'keyValue' | 'clock' | 'tracing'>;
  readonly producer: Producer;
  readonly schedule: Schedule;
  readonly top: Top;
  readonly means: Means;
  readonly calibration: CalibrationBook;
  readonly latencies: Latencies;
  readonly stages: Stages;
  /** As it is now. */
  readonly live: () => Pick<ScorerProgram, 'explanations' | 'drift'>;
}

type ExplainPosts = (posts: readonly Explained[]) => ReturnType<typeof explain>;

/** What was written. */
interface Produced {
  predictions: number;
  outcomes: number;
}

/** Does what the schedule says, in its order: reads at once, scores and writes in batches. */
export interface Scoring {
  /** Reads what these effects need, as the store stands now; scores and writes when enough has gathered. */
  take(effects: readonly Effect[], ttlMs: number): Promise<void>;
  /** Something was taken that is not written yet. */
  isPending(): boolean;
  /** Scores and writes all that was taken. */
  flush(ttlMs: number): Promise<void>;
  /** Brings what is shown of the top up to date (Showcase). */
  show: Showcase['show'];
  /** Why these scored so, as the resource wants it explained. */
  explain: ExplainPosts;
  drift: DriftWatch['read'];
  readonly produced: Readonly<Produced>;
}

export const createScoring = (program: ScorerProgram, options: ScoringOptions): Scoring => {
  const { pipeline, model, routing } = program;
  const { set, serving, means, calibration, ports, producer, schedule, top, metrics, latencies, stages } = options;
  const publisher = createPublisher({
    ...{ pipeline, model, top, topMaxAgeMs: program.top.maxAgeMs },
    isStamped: program.stampLatency !== false,
  });
  const { keyValue, clock, tracing } = ports;
  const posts = createScorePosts({ pipeline, routing: routing.key, set, means, serving, keyValue, clock });
  const listed = program.features.filter(({ hidden }) => !hidden);
  const { scoreBy } = serving;
  const explainerOf = (variant: string) => serving.choose({ variant })?.model?.explainer;
  const explainPosts: ExplainPosts = (posts) =>
    explain(posts, { explanations: options.live().explanations, listed, set, means, scoreBy, explainerOf });
  const showcase = createShowcase({ ...{ ports, schedule, top, publisher }, explain: explainPosts });
  const drift = createDriftWatch({
    names: set.names,
    limits: () => options.live().drift,
    summaryOf: (variant) => serving.choose({ variant })?.model?.summary,
  });
  const produced: Produced = { predictions: 0, outcomes: 0 };
  /** Effects whose turn has not come, with what was read for those that score. */
  let pending: Effect[] = [];
  const moments = new Map<ScoreEffect, Moment>();
  let steps = 0;

  const noteScore = ({ effect: { post }, answer }: Scored): void => {
    if (answer !== undefined && !Number.isNaN(answer.score)) post.bins = calibration.scored(post.bins, answer);
  };

  /** Effects in their order, so that what is deleted after a score stays deleted. */
  const queue = (batch: KeyValueBatch, effects: readonly Effect[], given: Given): Round => {
    const logged: Logged[] = [];
    const outcomes: OutRecord[] = [];
    for (const effect of effects) {
      switch (effect.kind) {
        case 'score': {
          const scored = given.scored.get(effect);
          if (scored === undefined) break;
          logged.push(...publisher.scored(batch, scored, given));
          if (program.outcome !== undefined) noteScore(scored);
          break;
        }
        case 'outcome':
          outcomes.push(outcomeRecord(effect.outcome));
          metrics.outcome(effect.outcome.positive);
          calibration.matured(effect.post.bins ?? {}, effect.outcome.positive);
          effect.post.bins = undefined;
          publisher.outcome(batch, effect.outcome, given.ttlMs);
          break;
        case 'unlabelled':
          metrics.unlabelled();
          break;
        case 'expire':
          top.remove(effect.postId);
          break;
        case 'end':
          if (top.rankOf(effect.post.event.post_id) !== -1) publisher.reposts(batch, effect.post);
          break;
        case 'delete':
          publisher.deleted(batch, effect.postId);
      }
    }
    publisher.calibration(batch, calibration.drain());
    publisher.top(batch);
    return { logged, outcomes };
  };

  const note = (logged: readonly Logged[]): void => {
    const now = ports.clock.now();
    for (const { prediction, ingestedAt } of logged) {
      const { variant, trigger, score, digest } = prediction;
      metrics.prediction(variant, trigger);
      if (score === null && digest !== '') metrics.unscored(variant);
      if (ingestedAt === undefined) continue;
      latencies.note(now - ingestedAt);
      metrics.delay((now - ingestedAt) / 1000);
    }
  };

  /** With what its predictions carry, where the event that caused it is traced. */
  const traced = (scored: Scored): Scored => {
    const { effect, stamps, answer } = scored;
    if (tracing === undefined || effect.traceparent === undefined) return scored;
    const attributes = { model, variant: answer?.variant ?? '', post_id: effect.post.event.post_id };
    const read = { name: 'features', startMs: stamps.ingest ?? stamps.features, endMs: stamps.features, attributes };
    const run = { name: 'score', startMs: stamps.features, endMs: stamps.score, attributes };
    return { ...scored, traceparent: tracing.note(run, tracing.note(read, effect.traceparent)) };
  };
  /** Of those that an event caused, once what followed is written. */
  const noteStages = (results: readonly Scored[]): void => {
    const now = clock.now();
    for (const { stamps, traceparent } of results) {
      if (stamps.ingest === undefined) continue;
      const traceId = traceparent && traceIdOf(traceparent);
      stages.note('features', stamps.features - stamps.ingest, traceId);
      stages.note('score', stamps.score - stamps.features, traceId);
      stages.note('sink', now - stamps.score, traceId);
      if (traceparent !== undefined)
        tracing?.note({ name: 'sink', startMs: stamps.score, endMs: now, attributes: { model } }, traceparent);
    }
  };

  /** Training sees the declared ages alone. */
  const noteDrift = (results: readonly Scored[]): void => {
    for (const { effect, vector, answer, shadows } of results)
      if (effect.trigger !== 'change')
        for (const { variant, score } of answer === undefined ? shadows : [answer, ...shadows])
          drift.note({ variant, vector, score, at: effect.at });
  };

  const runRound = async (effects: readonly Effect[], ttlMs: number): Promise<void> => {
    const due = effects.flatMap((effect) => (effect.kind === 'score' ? (moments.get(effect) ?? []) : []));
    const found = due.length === 0 ? [] : await posts.score(due);
    const results = tracing === undefined ? found : found.map(traced);
    const scored = new Map(results.map((each) => [each.effect, each]));
    const batch = ports.keyValue.batch();
    const { logged, outcomes } = queue(batch, effects, { scored, now: ports.clock.now(), ttlMs });
    showcase.note(results);
    noteDrift(results);
    await Promise.all([
      batch.run(),
      logged.length > 0 &&
        producer.send(
          program.predictions.name,
          logged.map(({ record }) => record),
        ),
      outcomes.length > 0 && producer.send(program.outcomes.name, outcomes),
    ]);
    note(logged);
    noteStages(results);
    produced.predictions += logged.length;
    produced.outcomes += outcomes.length;
  };

  const flush = async (ttlMs: number): Promise<void> => {
    const effects = pending;
    pending = [];
    steps = 0;
    for (const round of roundsOf(effects)) await runRound(round, ttlMs);
    moments.clear();
  };

  return {
    take: async (effects, ttlMs) => {
      for (const round of roundsOf(effects)) {
        const wanted = round.filter((effect) => effect.kind === 'score');
        for (const moment of wanted.length === 0 ? [] : await posts.read(wanted)) moments.set(moment.effect, moment);
        pending.push(...round);
        if (moments.size >= program.batching.maxRows) await flush(ttlMs);
      }
      if (pending.length > 0 && ++steps >= maxStepsOfBatch) await flush(ttlMs);
    },
    isPending: () => pending.length > 0,
    flush,
    show: showcase.show,
    explain: explainPosts,
    drift: drift.read,
    produced,
  };
};

interface Given {
  readonly scored: ReadonlyMap<ScoreEffect, Scored>;
  readonly now: number;
  readonly ttlMs: number;
}

interface Round {
  readonly logged: readonly Logged[];
  readonly outcomes: readonly OutRecord[];
}

const roundsOf = function* (effects: readonly Effect[]): Generator<readonly Effect[]> {
  for (let from = 0; from < effects.length; from += maxOfRound) yield effects.slice(from, from + maxOfRound);
};
