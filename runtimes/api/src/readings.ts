import type { ModelView, WindowView } from '@groundswell/graph';
import {
  createResultsReader,
  type KeyValue,
  type KeyValueBatch,
  type ResultsReader,
  type ScoredMember,
} from '@groundswell/stores';
import {
  type Alerts,
  type FeatureValues,
  fillTemplate,
  type Heatmap,
  keysOf,
  outcomeField,
  type PostPredictions,
  parseTemplate,
  type ResultsPlace,
  type RolloutHistory,
  RolloutPoint,
  RolloutStatus,
  ServedVariant,
  type TopPosts,
  watermarkOf,
} from '@groundswell/wire';
import { readAlerts } from './alerts.ts';
import { featureValuesOf } from './feature-values.ts';
import { heatmapOf } from './heatmap.ts';
import { answerOf, readPost, type StoredPost, scoreRecordOf, topPostsOf } from './top.ts';
import { cursorOf, isBehind } from './top-cursor.ts';

/** Scores of a sparkline. */
const historyLength = 60;

/** A model, and the outcome that it predicts. */
type ShownModel = Pick<ModelView, 'name' | 'outcome'>;

interface TopPage {
  readonly limit: number;
  /** Only what comes behind it. */
  readonly after?: ScoredMember | undefined;
}

export interface Readings {
  /** Resolves when the store answers. */
  ping(): Promise<void>;
  top(model: ShownModel, page: TopPage): Promise<TopPosts>;
  /** undefined for a post without a prediction. */
  predictions(model: ShownModel, postId: string): Promise<PostPredictions | undefined>;
  /** Of those models that have one. */
  rollouts(models: readonly string[]): Promise<readonly RolloutStatus[]>;
  /** For each model, what serves by variant. */
  served(models: readonly string[]): Promise<readonly Readonly<Record<string, ServedVariant>>[]>;
  /** Newest first; `after` is the id of the last alert of the page before. */
  alerts(limit: number, after: string | undefined): Promise<Alerts>;
  /** What the evidence was, newest last. */
  rolloutHistory(model: string): Promise<RolloutHistory>;
  /** undefined where the window has nothing for the key. */
  features(window: WindowView, key: readonly string[]): Promise<FeatureValues | undefined>;
  heatmap(from: { readonly window: string; readonly key: string }): Promise<Heatmap>;
}

/** Everything that the API reads from the store. The top takes two round trips however long it is: who is in it, and all of them. */
export const createReadings = (keyValue: KeyValue, pipeline: string): Readings => {
  const keys = keysOf(pipeline);
  const readers = new Map<string, ResultsReader>();
  const readResults = <T>(
    window: string,
    queue: (batch: KeyValueBatch, place: ResultsPlace) => () => T,
  ): Promise<T> => {
    const reader = readers.get(window) ?? createResultsReader(keyValue, pipeline, [window]);
    readers.set(window, reader);
    return reader((batch, placeOf) => queue(batch, placeOf(window)));
  };

  const queuePost = (batch: KeyValueBatch, of: ShownModel, postId: string): (() => StoredPost) => {
    const { name: model, outcome: predicted } = of;
    const fields = batch.hashGet(keys.post(postId), ['card', 'reposts', outcomeField(predicted?.name ?? '')]);
    const predictions = batch.hashGetAll(keys.prediction(model, postId));
    const history = batch.listRange(keys.history(model, postId), 0, historyLength - 1);
    const why = batch.hashGet(keys.why(model), [postId]);
    return () => {
      const [card, reposts, outcome] = fields.value();
      return {
        postId,
        card,
        reposts,
        outcome,
        predictions: predictions.value(),
        history: history.value(),
        why: why.value()[0],
      };
    };
  };

  return {
    ping: async () => {
      const batch = keyValue.batch();
      batch.hashGetAll(keys.watermarks(''));
      await batch.run();
    },
    top: async (of, { limit, after }) => {
      const model = of.name;
      const first = keyValue.batch();
      // The list is short enough to find the place of a cursor in all of it.
      const ranked = first.sortedRange(keys.top(model), 0, after === undefined ? limit : -1, { reverse: true });
      await first.run();
      const left = ranked.value();
      const before = after === undefined ? 0 : left.findIndex((entry) => isBehind(after, entry));
      const page = before < 0 ? [] : left.slice(before, before + limit);
      const second = keyValue.batch();
      const rows = page.map(({ member, score }) => ({ score, stored: queuePost(second, of, member) }));
      const calibrations = second.hashGetAll(keys.calibration(model));
      if (rows.length > 0) await second.run();
      const last = page.at(-1);
      const isEnd = last === undefined || before + limit >= left.length;
      return topPostsOf(
        model,
        rows.map(({ score, stored }) => ({ score, stored: stored() })),
        {
          before,
          nextCursor: isEnd ? null : cursorOf(last),
          calibrations: rows.length > 0 ? calibrations.value() : {},
        },
      );
    },
    predictions: async (of, postId) => {
      const model = of.name;
      const batch = keyValue.batch();
      const stored = queuePost(batch, of, postId);
      const calibrations = batch.hashGetAll(keys.calibration(model));
      await batch.run();
      const { card, reposts, outcome, predictions, history, why } = readPost(stored());
      if (predictions.length === 0) return undefined;
      const answer = answerOf(predictions);
      return {
        model,
        post_id: postId,
        ...(card === undefined ? {} : { post: card }),
        reposts,
        predictions: [...predictions],
        score_record: answer === undefined ? null : scoreRecordOf(answer, calibrations.value()),
        outcome,
        history: [...history],
        why: [...why],
      };
    },
    rollouts: async (models) => {
      if (models.length === 0) return [];
      const batch = keyValue.batch();
      const found = models.map((model) => batch.hashGet(keys.rollout(model), ['status']));
      await batch.run();
      return found.flatMap((reply) => {
        const [status] = reply.value();
        return typeof status === 'string' ? [RolloutStatus.parse(JSON.parse(status))] : [];
      });
    },
    served: async (models) => {
      const batch = keyValue.batch();
      const found = models.map((model) => batch.hashGetAll(keys.served(model)));
      await batch.run();
      const parsed = (text: string): ServedVariant => ServedVariant.parse(JSON.parse(text));
      return found.map((reply) =>
        Object.fromEntries(Object.entries(reply.value()).map(([variant, text]) => [variant, parsed(text)])),
      );
    },
    alerts: (limit, after) => readAlerts(keyValue, pipeline, { limit, after }),
    rolloutHistory: async (model) => {
      const batch = keyValue.batch();
      const points = batch.listRange(keys.rolloutHistory(model), 0, -1);
      await batch.run();
      const newestFirst = points.value().map((text) => RolloutPoint.parse(JSON.parse(text)));
      return { model, points: newestFirst.toReversed() };
    },
    features: ({ name, hash, key: parts, values: names }, key) =>
      readResults(name, (batch, { prefix, watermarks }) => {
        const values = batch.hashGetAll(
          prefix + fillTemplate(parseTemplate(hash), (part) => key[parts.indexOf(part)] ?? ''),
        );
        const shards = batch.hashGetAll(watermarks);
        const named = parts.map((part, i) => ({ name: part, value: key[i] ?? '' }));
        return () =>
          featureValuesOf(name, named, { fields: values.value(), watermark: watermarkOf(shards.value()), names });
      }),
    heatmap: ({ window, key }) =>
      readResults(window, (batch, { prefix }) => {
        const members = batch.sortedRange(prefix + key, 0, -1);
        return () =>
          heatmapOf(
            window,
            members.value().map(({ member }) => member),
          );
      }),
  };
};
