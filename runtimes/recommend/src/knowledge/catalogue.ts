import type { KeyValue } from '@groundswell/stores';
import { type FeedPost, feedKeysOf, recommendKeysOf } from '@groundswell/wire';
import { type Item, itemOf, parseItem } from './item.ts';

/** What items are, for whoever ranks them. */
export interface Catalogue {
  /** In one round trip at most. Items that nobody knows are left out. */
  read(ids: readonly string[]): Promise<ReadonlyMap<string, Item>>;
  /** It may have changed, or is gone. */
  forget(id: string): void;
}

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
  const kept = new Map<string, { readonly item: Item; readonly until: number }>();

  const keep = (item: Item): void => {
    const [oldest] = kept.keys();
    if (kept.size >= mostKept && oldest !== undefined) kept.delete(oldest);
    kept.delete(item.id);
    kept.set(item.id, { item, until: now() + keptMs });
  };
  const fetch = async (ids: readonly string[]): Promise<readonly Item[]> => {
    const batch = keyValue.batch();
    const replies = ids.map((id) => ({
      own: batch.hashGet(keys.item(id), ['event']),
      post: batch.hashGet(feedKeys.post(id), ['body']),
    }));
    await batch.run();
    return replies.flatMap(({ own, post }) => parseItem(own.value()[0]) ?? itemOfPost(post.value()[0]) ?? []);
  };
  return {
    read: async (ids) => {
      const at = now();
      const known = new Map<string, Item>();
      const missing: string[] = [];
      for (const id of ids) {
        const found = kept.get(id);
        if (found !== undefined && found.until > at) known.set(id, found.item);
        else missing.push(id);
      }
      if (missing.length > 0)
        for (const item of await fetch(missing)) {
          keep(item);
          known.set(item.id, item);
        }
      return known;
    },
    forget: (id) => {
      kept.delete(id);
    },
  };
};

/** A post of the pipeline's Feed, as an event. */
const itemOfPost = (text: string | undefined): Item | undefined => {
  if (text === undefined) return undefined;
  const { post_id, author_id, at, ...said } = JSON.parse(text) as FeedPost;
  const event = { id: post_id, type: 'post' as const, at, ingested_at: at, source: 'api', post_id, author_id };
  return itemOf({ ...event, user_id: author_id, posted_at: at, ...said });
};
