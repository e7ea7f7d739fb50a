import type { Feature, ScorerProgram } from '@groundswell/graph';
import type { Prediction, SocialEvent } from '@groundswell/wire';

/** An event of the post, and where it lies in the log. */
export interface LoggedEvent {
  readonly topic: string;
  readonly offset: string;
  readonly event: SocialEvent;
}

/** A feature as the model saw it. */
interface SeenFeature {
  readonly name: string;
  /** null: missing. */
  readonly value: number | null;
  /** The expression, or the window and its value. */
  readonly from: string;
}

/** Everything that led to the score of a post at a moment. */
export interface PostStory {
  readonly post_id: string;
  /** Event time that is asked about, ms; absent: the end. */
  readonly at?: number;
  /** Up to then, in the order of the log. */
  readonly events: readonly LoggedEvent[];
  readonly model: string;
  /** Revision of the program that scored. */
  readonly revision: string;
  readonly prediction: Prediction;
  readonly features: readonly SeenFeature[];
  /** Among all posts that the model scored within the age of its top, by their newest scores then; from 1. */
  readonly rank: number;
  readonly of: number;
}

const sourceOf = ({ source }: Feature): string =>
  source.kind === 'window' ? `${source.window}.${source.field}` : source.expression;

/** The answer that stood for the post: the newest of a variant that answers. */
const standing = (predictions: readonly Prediction[]): Prediction | undefined =>
  predictions.reduce<Prediction | undefined>(
    (newest, each) => (newest === undefined || each.scored_at >= newest.scored_at ? each : newest),
    undefined,
  );

const newestByPost = (predictions: readonly Prediction[]): ReadonlyMap<string, Prediction> => {
  const newest = new Map<string, Prediction>();
  for (const each of predictions) {
    const before = newest.get(each.post_id);
    if (before === undefined || each.scored_at >= before.scored_at) newest.set(each.post_id, each);
  }
  return newest;
};

interface Recorded {
  readonly postId: string;
  readonly at: number | undefined;
  readonly events: readonly LoggedEvent[];
  /** All of the model. */
  readonly predictions: readonly Prediction[];
}

/** @throws Error where the post was not scored by then */
export const tellStory = (program: ScorerProgram, { postId, at, events, predictions }: Recorded): PostStory => {
  const until = at ?? Number.POSITIVE_INFINITY;
  const answers = predictions.filter(
    ({ shadow, score, model, scored_at }) => !shadow && score !== null && model === program.model && scored_at <= until,
  );
  const prediction = standing(answers.filter(({ post_id }) => post_id === postId));
  if (prediction === undefined) {
    const when = at === undefined ? '' : ` by ${new Date(at).toISOString()}`;
    throw new Error(`Cannot explain post "${postId}": model "${program.model}" has not scored it${when}`);
  }
  const now = Math.min(until, Math.max(...answers.map(({ scored_at }) => scored_at)));
  const listed = [...newestByPost(answers).values()].filter(({ posted_at }) => now - posted_at < program.top.maxAgeMs);
  const shown = program.features.filter(({ hidden }) => !hidden);
  return {
    post_id: postId,
    ...(at !== undefined && { at }),
    events: events.filter(({ event }) => event.at <= until),
    model: program.model,
    revision: program.revision,
    prediction,
    features: shown.map((feature, i) => ({
      name: feature.name,
      value: prediction.vector[i] ?? null,
      from: sourceOf(feature),
    })),
    rank: 1 + listed.filter(({ score }) => (score ?? 0) > (prediction.score ?? 0)).length,
    of: listed.length,
  };
};
