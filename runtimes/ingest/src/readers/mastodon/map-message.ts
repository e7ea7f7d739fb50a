import type { Draft } from '../../validate.ts';
import type { KnownPosts } from './known-posts.ts';
import { type Account, Status, Streamed } from './status.ts';

export type Mapped =
  | { readonly kind: 'event'; readonly draft: Draft; readonly id: string }
  | { readonly kind: 'ignored'; readonly what: string }
  | { readonly kind: 'bad'; readonly reason: string };

const bad = (why: string): Mapped => ({ kind: 'bad', reason: `Cannot use a message: ${why}` });

/**
 * One message of a stream as an event. Posts and accounts are named by their address in the fediverse, which is the same on
 * every instance, so what two instances show counts once.
 *
 * @param now  Time of a delete, which carries none, ms
 */
export const mapMessage = (
  text: string,
  instance: string,
  { known, now }: { known: KnownPosts; now: number },
): Mapped => {
  const streamed = parse(text);
  if (typeof streamed === 'string') return bad(streamed);
  const { event, payload } = streamed;
  if (event === 'delete') return deleteOf(String(payload), instance, { known, now });
  if (event !== 'update') return { kind: 'ignored', what: event === 'status.update' ? 'edit' : 'other_event' };
  const value = typeof payload === 'string' ? parseJson(payload) : payload;
  const { success, data, error } = Status.safeParse(value);
  if (!success) return bad(`its post is none: ${error.issues[0]?.path.join('.')}: ${error.issues[0]?.message}`);
  return { kind: 'event', draft: draftOf(data, instance, known), id: data.id };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const parse = (text: string): { readonly event: string; readonly payload?: unknown } | string => {
  const value = parseJson(text);
  if (value === undefined) return 'it is not JSON';
  return Streamed.safeParse(value).data ?? 'it has no event';
};

const placeOf = (instance: string, id: string): string => `${instance}/${id}`;

const deleteOf = (id: string, instance: string, { known, now }: { known: KnownPosts; now: number }): Mapped => {
  const post = known.get(placeOf(instance, id));
  // It was never given on, or so long ago that nobody here remembers its address.
  if (post === undefined) return { kind: 'ignored', what: 'delete_of_unknown' };
  const draft = { id: `${post.uri}#delete`, type: 'delete', at: now, post_id: post.uri, user_id: '', author_id: '' };
  return { kind: 'event', draft, id };
};

const addressOf = ({ uri, url, acct }: Account): string => uri ?? url ?? acct;

const draftOf = (status: Status, instance: string, known: KnownPosts): Draft => {
  const user_id = addressOf(status.account);
  const acted: Draft = { id: status.uri, at: Date.parse(status.created_at), user_id, user: profileOf(status.account) };
  const { reblog } = status;
  if (reblog != null)
    return {
      ...{ ...acted, type: 'repost', post_id: reblog.uri, author_id: addressOf(reblog.account) },
      posted_at: Date.parse(reblog.created_at),
    };
  const content = { ...acted, ...contentOf(status) };
  const about = subjectOf(status, instance, known);
  known.add(placeOf(instance, status.id), { uri: status.uri, root: about.post_id, author: about.author_id });
  return { ...content, ...about };
};

/** What the post is about: itself, the root of the thread that it replies in, or the post that it quotes. */
const subjectOf = (status: Status, instance: string, known: KnownPosts) => {
  const { in_reply_to_id: parentId } = status;
  if (parentId != null) {
    const parent = known.get(placeOf(instance, parentId));
    // Mastodon names only the parent, by its id on the instance.
    if (parent === undefined) return { type: 'reply', post_id: `${instance}/statuses/${parentId}`, author_id: '' };
    const parent_id = parent.uri === parent.root ? {} : { parent_id: parent.uri };
    return { type: 'reply', post_id: parent.root, author_id: parent.author, ...parent_id };
  }
  const quoted = status.quote?.quoted_status;
  if (quoted != null)
    return {
      ...{ type: 'quote', post_id: quoted.uri, author_id: addressOf(quoted.account) },
      posted_at: Date.parse(quoted.created_at),
    };
  return { type: 'post', post_id: status.uri, author_id: addressOf(status.account) };
};

const present = <K extends string, V>(key: K, value: V | null | undefined): { readonly [P in K]?: V } =>
  value == null ? {} : ({ [key]: value } as { readonly [P in K]?: V });

const profileOf = (account: Account) => ({
  name: account.acct.slice(0, 256),
  ...present('followers', account.followers_count),
  ...present('following', account.following_count),
  ...present('posts', account.statuses_count),
  ...(account.created_at == null ? {} : { created_at: Date.parse(account.created_at) }),
});

const contentOf = (status: Status): Draft => ({
  text: plainOf(status.content ?? '').slice(0, 65_536),
  ...present('lang', status.language?.slice(0, 35)),
  tags: [...new Set((status.tags ?? []).map(({ name }) => name.slice(0, 256)))].slice(0, 64),
  links: status.card == null ? 0 : 1,
  media: status.media_attachments?.length ?? 0,
  mentions: status.mentions?.length ?? 0,
  ...(status.account.bot === true && { attributes: { bot: true } }),
});

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: ' ' };

/** The text of a post's HTML. */
const plainOf = (html: string): string =>
  html
    .replaceAll(/<br\s*\/?>|<\/p>\s*<p[^>]*>/gi, '\n')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&(#39|[a-z]+);/g, (whole, name: string) => entities[name] ?? whole)
    .trim();
