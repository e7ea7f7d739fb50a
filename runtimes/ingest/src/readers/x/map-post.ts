import type { Draft } from '../../validate.ts';
import { Compliance, Delivered, Notice, type Post, type User } from './posts.ts';

export type Mapped =
  | { readonly kind: 'event'; readonly draft: Draft }
  | { readonly kind: 'ignored'; readonly what: string }
  /** X says why it ends the stream. */
  | { readonly kind: 'notice'; readonly reason: string; readonly detail: string }
  | { readonly kind: 'bad'; readonly reason: string };

const bad = (why: string): Mapped => ({ kind: 'bad', reason: `Cannot use a message: ${why}` });

/** When X began to make ids by the clock (4 November 2010), ms. */
const firstId = 1_288_834_974_657n;

/** The time in an id, to the ms: `created_at` has whole seconds. */
const timeOf = ({ id, created_at }: Pick<Post, 'id' | 'created_at'>): number => {
  const at = Number((BigInt(id) >> 22n) + firstId);
  const said = created_at === undefined ? at : Date.parse(created_at);
  return Math.abs(at - said) <= 2_000 ? at : said;
};

/** What is known of a rule, by its id. */
export interface Rules {
  nameOf(id: string): string | undefined;
  /** Of 100 posts that it matches, how many X sends. */
  percentOf(id: string): number;
}

export const mapPost = (text: string, rules: Rules): Mapped => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return bad('it is not JSON');
  }
  const { success, data, error } = Delivered.safeParse(value);
  if (success) return { kind: 'event', draft: draftOf(data, rules) };
  const notice = Notice.safeParse(value).data?.errors[0];
  if (notice !== undefined && !hasData(value))
    return { kind: 'notice', reason: notice.disconnect_type ?? notice.title ?? 'notice', detail: notice.detail ?? '' };
  const [first] = error.issues;
  return bad(`it is no post: ${first?.path.join('.')}: ${first?.message}`);
};

const hasData = (value: unknown): boolean => typeof value === 'object' && value !== null && 'data' in value;

/** Deletes, and posts that must not be shown any more. */
export const mapCompliance = (text: string): Mapped => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return bad('it is not JSON');
  }
  const { delete: deleted, drop } = Compliance.safeParse(value).data?.data ?? {};
  const subject = deleted ?? drop;
  if (subject === undefined) return { kind: 'ignored', what: 'other_compliance' };
  const { id, author_id } = subject.tweet;
  const at = Date.parse(subject.event_at);
  return {
    kind: 'event',
    draft: { id: `${id}#delete`, type: 'delete', at, post_id: id, user_id: author_id, author_id },
  };
};

const draftOf = ({ data: post, includes, matching_rules = [] }: Delivered, { nameOf, percentOf }: Rules): Draft => {
  const posts = new Map(includes?.tweets?.map((one) => [one.id, one]));
  const author = includes?.users?.find(({ id }) => id === post.author_id);
  const rules = [...new Set(matching_rules.map(({ id, tag }) => nameOf(id) ?? tag ?? id))].sort();
  // It came by the rule that lets the most through.
  const percent = matching_rules.length === 0 ? 100 : Math.max(...matching_rules.map(({ id }) => percentOf(id)));
  return {
    id: post.id,
    at: timeOf(post),
    user_id: post.author_id,
    ...(author !== undefined && { user: profileOf(author) }),
    ...contentOf(post),
    ...subjectOf(post, posts),
    ...(rules.length > 0 && { attributes: { rule: rules.join(',') } }),
    ...(percent < 100 && { weight: 100 / percent }),
  };
};

/** What the post is about: itself, what it shares or quotes, or the root of the conversation that it replies in. */
const subjectOf = (post: Post, posts: ReadonlyMap<string, Post>): Draft => {
  const referenced = (kind: string): string | undefined =>
    post.referenced_tweets?.find(({ type }) => type === kind)?.id;
  const about = (type: string, id: string, otherwise = ''): Draft => {
    const root = posts.get(id);
    return {
      type,
      post_id: id,
      author_id: root?.author_id ?? otherwise,
      ...(root !== undefined && { posted_at: timeOf(root) }),
    };
  };
  const [shared, parent, quoted] = ['retweeted', 'replied_to', 'quoted'].map(referenced);
  if (shared !== undefined) return about('repost', shared);
  if (parent !== undefined) {
    const root = post.conversation_id ?? parent;
    if (root === parent) return about('reply', root, post.in_reply_to_user_id);
    return { ...about('reply', root), parent_id: parent };
  }
  if (quoted !== undefined) return about('quote', quoted);
  return { type: 'post', post_id: post.id, author_id: post.author_id };
};

const profileOf = ({ username, verified, created_at, public_metrics: counts = {} }: User): Draft['user'] => ({
  ...(username !== undefined && { name: username }),
  ...(verified !== undefined && { verified }),
  ...(created_at !== undefined && { created_at: Date.parse(created_at) }),
  ...(counts.followers_count !== undefined && { followers: counts.followers_count }),
  ...(counts.following_count !== undefined && { following: counts.following_count }),
  ...(counts.tweet_count !== undefined && { posts: counts.tweet_count }),
  ...(counts.listed_count !== undefined && { listed: counts.listed_count }),
});

const contentOf = ({ text = '', lang, entities = {}, attachments }: Post): Draft => ({
  text: text.slice(0, 65_536),
  ...(lang !== undefined && { lang: lang.slice(0, 35) }),
  tags: [
    ...new Set([...(entities.hashtags ?? []), ...(entities.cashtags ?? [])].map(({ tag }) => tag.slice(0, 256))),
  ].slice(0, 64),
  links: entities.urls?.length ?? 0,
  mentions: entities.mentions?.length ?? 0,
  media: attachments?.media_keys?.length ?? 0,
});
