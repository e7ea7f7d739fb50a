import type { KeyValue } from '@groundswell/stores';
import { type FeedPost, feedKeysOf, recommendKeysOf } from '@groundswell/wire';
import { type Item, itemOf, parseItem } from './item.ts';
import { createKept, type Kept } from './kept.ts';

/** What items are, for whoever ranks them: read in one round trip at most, without those that nobody knows. */
export type Catalogue = Kept<Item>;

export interface CatalogueOptions {
  readonly keyValue: KeyValue;
  readonly pipeline: string;
  readonly recommender: string;
  readonly now: () => number;
}

/** An item does not change; that it was deleted, by an event that another pod took, shows after so long, ms. */
const keptMs = 10_000;
/** Items that are kept. */
const mostKept = 50_000;

export const createCatalogue = ({ keyValue, pipeline, recommender, now }: CatalogueOptions): Catalogue => {
  const keys = recommendKeysOf(pipeline, recommender);
  const feedKeys = feedKeysOf(pipeline);
  return createKept({
    fetch: async (ids) => {
      const batch = keyValue.batch();
      const replies = ids.map((id) => ({
        own: batch.hashGet(keys.item(id), ['event']),
        post: batch.hashGet(feedKeys.post(id), ['body']),
      }));
      await batch.run();
      const items = replies.flatMap(({ own, post }) => parseItem(own.value()[0]) ?? itemOfPost(post.value()[0]) ?? []);
      return new Map(items.map((item) => [item.id, item]));
    },
    keptMs,
    most: mostKept,
    now,
  });
};

/** A post of the pipeline's Feed, as an event. */
const itemOfPost = (text: string | undefined): Item | undefined => {
  if (text === undefined) return undefined;
  const { post_id, author_id, at, ...said } = JSON.parse(text) as FeedPost;
  const event = { id: post_id, type: 'post' as const, at, ingested_at: at, source: 'api', post_id, author_id };
  return itemOf({ ...event, user_id: author_id, posted_at: at, ...said });
};
