import type { Entry } from '@groundswell/feeds';
import type { KeyValue, Producer } from '@groundswell/stores';
import { encodeEvent, encodeJson, type FeedPost, feedKeysOf, type NewPost, type PostRecord } from '@groundswell/wire';
import type { IdMaker } from './id-maker.ts';

/** What became of a post. */
type StoredPost =
  | { readonly kind: 'post'; readonly post: FeedPost }
  /** Not saved yet, or its time is over. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'deleted' };

export interface Posts {
  /** Resolves when it is in the log. */
  accept(post: NewPost): Promise<FeedPost>;
  /** In one round trip, in this order. */
  read(ids: readonly string[]): Promise<readonly StoredPost[]>;
  /** Nobody sees it from now on. Answers false for a post that there is not. */
  remove(id: string): Promise<boolean>;
  /** What a user did with a post, for windows. Answers false for a post that there is not. */
  click(user: string, id: string): Promise<boolean>;
  /** The newest posts of each of these authors. */
  newestOf(authors: readonly string[], count: number): Promise<readonly Entry[]>;
}

interface PostsOptions {
  readonly keyValue: KeyValue;
  readonly producer: Producer;
  readonly pipeline: string;
  readonly topics: { readonly posts: string; readonly events: string };
  readonly ids: IdMaker;
  readonly now: () => number;
}

/** Authors asked for in one round trip, so that no reply is so large that others wait for it. */
const authorsAtOnce = 1_000;

export const createPosts = ({ keyValue, producer, pipeline, topics, ids, now }: PostsOptions): Posts => {
  const keys = feedKeysOf(pipeline);

  const read = async (wanted: readonly string[]): Promise<readonly StoredPost[]> => {
    if (wanted.length === 0) return [];
    const batch = keyValue.batch();
    const replies = wanted.map((id) => batch.hashGet(keys.post(id), ['body', 'deleted']));
    await batch.run();
    return replies.map((reply): StoredPost => {
      const [body, deleted] = reply.value();
      if (deleted !== undefined) return { kind: 'deleted' };
      return body === undefined ? { kind: 'unknown' } : { kind: 'post', post: JSON.parse(body) as FeedPost };
    });
  };
  const send = (record: PostRecord, author: string, at: number): Promise<void> =>
    producer.send(topics.posts, [{ key: author, value: encodeJson(record), timestamp: at }]);

  return {
    accept: async (given) => {
      const at = now();
      const post: FeedPost = { ...given, post_id: String(await ids.next()), at };
      await send({ kind: 'post', post }, post.author_id, at);
      return post;
    },
    read,
    remove: async (id) => {
      const [found] = await read([id]);
      if (found?.kind !== 'post') return found?.kind === 'deleted';
      const at = now();
      const batch = keyValue.batch();
      batch.hashSet(keys.post(id), { deleted: String(at) });
      await batch.run();
      const { author_id } = found.post;
      await send({ kind: 'delete', post_id: id, author_id, at }, author_id, at);
      return true;
    },
    click: async (user, id) => {
      const [found] = await read([id]);
      if (found?.kind !== 'post') return false;
      const { author_id, at: posted_at, tags } = found.post;
      const at = now();
      const event = {
        ...{ id: `click/${await ids.next()}`, type: 'click' as const, at, ingested_at: at, source: 'api' },
        ...{ post_id: id, user_id: user, author_id, posted_at },
        ...(tags !== undefined && { tags }),
      };
      await producer.send(topics.events, [{ key: id, value: encodeEvent(event), timestamp: at }]);
      return true;
    },
    newestOf: async (authors, count) => {
      const entries: Entry[] = [];
      for (let from = 0; from < authors.length && count > 0; from += authorsAtOnce) {
        const batch = keyValue.batch();
        const replies = authors.slice(from, from + authorsAtOnce).map((author) => ({
          author,
          reply: batch.sortedRange(keys.postsOf(author), 0, count - 1, { reverse: true }),
        }));
        await batch.run();
        for (const { author, reply } of replies)
          for (const { score } of reply.value()) entries.push({ id: score, author });
      }
      return entries;
    },
  };
};
