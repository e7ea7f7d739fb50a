import { compilePredicate } from '@groundswell/cel';
import type { RecommendProgram } from '@groundswell/graph';
import type { KeyValue, KeyValueBatch } from '@groundswell/stores';
import { type RecommendationRecord, recommendKeysOf, type SocialEvent } from '@groundswell/wire';
import { historyOf } from '../knowledge/history.ts';
import { parseShown, type Shown, shownText } from '../knowledge/shown.ts';
import type { BlendWeights } from './blend-weights.ts';
import { createTakes } from './takes.ts';

type Success = Extract<RecommendationRecord, { readonly kind: 'success' }>;

interface Won {
  readonly shown: Shown;
  readonly success: Success;
}

/** What a Recommender learns from events: which items there are, what users did, and which recommendations were a success. */
export interface Learner {
  /** Writes it down, and answers what was a success. Taking events twice counts actions twice, and nothing else. */
  learn(events: readonly SocialEvent[]): Promise<readonly Success[]>;
}

interface LearnerOptions {
  readonly keyValue: KeyValue;
  readonly program: RecommendProgram;
  readonly weights: Pick<BlendWeights, 'won'>;
  /** Wall time, ms. */
  readonly now: () => number;
  /** Told of each item that came, changed or went. */
  readonly onItem: (id: string) => void;
}

/** Newest items that a tag keeps, and that count as new. */
const mostTagged = 1_000;
const mostFresh = 10_000;
/** Newest items of a user that are known as seen. */
const mostActed = 1_000;

export const createLearner = ({ keyValue, program, now, weights, onItem }: LearnerOptions): Learner => {
  const { pipeline, recommender, items, feedback } = program;
  const keys = recommendKeysOf(pipeline, recommender);
  const isItem = compilePredicate(items.where, { variables: ['event'] });
  const isSuccess = compilePredicate(feedback.where, { variables: ['event'] });
  const history = historyOf(program);
  const takes = createTakes({ keyValue, program });

  const addItem = (batch: KeyValueBatch, event: SocialEvent): void => {
    const { post_id: id, at, tags = [] } = event;
    batch.hashSet(keys.item(id), { event: JSON.stringify(event) });
    batch.expire(keys.item(id), items.ttlMs);
    batch.sortedAdd(keys.fresh, [{ member: id, score: at }]);
    for (const tag of new Set(tags)) {
      batch.sortedAdd(keys.tagged(tag), [{ member: id, score: at }]);
      batch.sortedRemoveByRank(keys.tagged(tag), 0, -1 - mostTagged);
      batch.expire(keys.tagged(tag), items.ttlMs);
    }
    onItem(id);
  };
  const removeItem = (batch: KeyValueBatch, id: string): void => {
    batch.delete(keys.item(id));
    batch.sortedRemove(keys.fresh, [id]);
    onItem(id);
  };
  const act = (batch: KeyValueBatch, { user_id, post_id, at }: SocialEvent): void => {
    batch.counterAdd(keys.actions(user_id), 1);
    batch.expire(keys.actions(user_id), items.ttlMs);
    batch.hashSet(keys.user(user_id), { acted: String(now()) });
    if (post_id === '') return;
    batch.expire(keys.item(post_id), items.ttlMs);
    if (!history.acted) return;
    batch.sortedAdd(keys.acted(user_id), [{ member: post_id, score: at }]);
    batch.sortedRemoveByRank(keys.acted(user_id), 0, -1 - mostActed);
    batch.expire(keys.acted(user_id), items.ttlMs);
  };
  const writeFacts = (batch: KeyValueBatch, event: SocialEvent): void => {
    if (event.type === 'delete') removeItem(batch, event.post_id);
    else if (isItem({ event })) addItem(batch, event);
    else if (event.type !== 'outcome' && event.user_id !== '') act(batch, event);
  };
  /** Of all these actions, the first on each item that was shown to its user a short time before. */
  const successesAmong = async (events: readonly SocialEvent[]): Promise<readonly Won[]> => {
    if (events.length === 0) return [];
    const batch = keyValue.batch();
    const replies = events.map(({ user_id, post_id }) => batch.hashGet(keys.shown(user_id), [post_id]));
    await batch.run();
    const found = new Map<string, Won>();
    for (const [i, event] of events.entries()) {
      const shown = parseShown(replies[i]?.value()[0] ?? '');
      if (shown === undefined || shown.won || event.at > shown.at + feedback.withinMs) continue;
      const { user_id, post_id: item_id, type, at } = event;
      const place = JSON.stringify([user_id, item_id]);
      const success = { kind: 'success' as const, id: shown.id, recommender, user_id, item_id };
      if (!found.has(place)) found.set(place, { shown, success: { ...success, type, shown_at: shown.at, at } });
    }
    return [...found.values()];
  };
  return {
    learn: async (events) => {
      const actions = events.filter((event) => event.post_id !== '' && event.user_id !== '' && isSuccess({ event }));
      const won = await successesAmong(actions);
      const batch = keyValue.batch();
      if (history.taken) await takes.write(batch, actions);
      for (const event of events) writeFacts(batch, event);
      if (events.length > 0) batch.sortedRemoveByRank(keys.fresh, 0, -1 - mostFresh);
      for (const { shown, success } of won) {
        const { user_id, item_id } = success;
        weights.won(shown);
        batch.hashSet(keys.shown(user_id), { [item_id]: shownText({ ...shown, won: true }) });
        batch.counterAdd(keys.successes(item_id), 1);
        batch.expire(keys.successes(item_id), items.ttlMs);
      }
      await batch.run();
      return won.map(({ success }) => success);
    },
  };
};
