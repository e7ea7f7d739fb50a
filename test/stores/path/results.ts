import type { KeyValue } from '@groundswell/stores';
import type { Prediction, SocialEvent } from '@groundswell/wire';
import { ages } from './resources.ts';

/** Key → what lies there: all ends of a series, or the fields of a hash. */
export type WindowResults = ReadonlyMap<string, unknown>;

const distinct = (values: readonly string[]): readonly string[] => [...new Set(values)].sort();

/** Everything that the windows wrote, by the keys that the events can have. */
export const readWindows = async (
  keyValue: KeyValue,
  pipeline: string,
  events: readonly SocialEvent[],
): Promise<WindowResults> => {
  const posts = distinct(events.map(({ post_id }) => post_id));
  const authors = distinct(events.map(({ author_id }) => author_id));
  const series = [
    ...posts.map((id) => `${pipeline}:reposts:${id}`),
    ...authors.map((id) => `${pipeline}:authors:${id}`),
    `${pipeline}:engagement`,
  ];
  const batch = keyValue.batch();
  const hashes = posts.map((id) => [`${pipeline}:post:${id}`, batch.hashGetAll(`${pipeline}:post:${id}`)] as const);
  const ranges = series.map((key) => [key, batch.sortedRange(key, 0, -1)] as const);
  await batch.run();
  return new Map<string, unknown>([...hashes, ...ranges].map(([key, reply]) => [key, reply.value()]));
};

/** Posts of which the source gives no delete. */
export const keptPosts = (events: readonly SocialEvent[]): ReadonlyMap<string, SocialEvent> => {
  const deleted = new Set(events.flatMap(({ type, post_id }) => (type === 'delete' ? [post_id] : [])));
  const posts = events.filter(({ type, post_id }) => type === 'post' && !deleted.has(post_id));
  return new Map(posts.map((post) => [post.post_id, post]));
};

/** A score is an upsert by this. */
export const idOf = ({ post_id, variant, trigger, scored_at }: Prediction): string =>
  [post_id, variant, trigger, scored_at].join(' ');

/** Ages that a post must have been scored at, as `post trigger moment`. */
export const dueScores = (posts: ReadonlyMap<string, SocialEvent>): readonly string[] =>
  [...posts.values()]
    .flatMap(({ post_id, at }) => ages.map((age) => `${post_id} ${age === 0 ? 'appeared' : 'age'} ${at + age}`))
    .sort();
