import type { z } from 'zod';
import type { Draft } from '../../validate.ts';
import { EventFrame, FollowRecord, Frame, PostRecord, SubjectRecord } from './frames.ts';
import { timeOfKey } from './record-key.ts';

/** What a frame comes to. */
export type Mapped =
  | { readonly kind: 'event'; readonly draft: Draft; readonly timeUs: number }
  | { readonly kind: 'ignored'; readonly what: Ignored; readonly timeUs: number }
  /** The instance says something of the stream itself. */
  | { readonly kind: 'notice'; readonly name: string; readonly message: string }
  | { readonly kind: 'bad'; readonly reason: string };

/** `undo` is a like, repost or follow that was taken back: Jetstream does not say of what. */
type Ignored = 'identity' | 'account' | 'update' | 'undo' | 'other_record' | 'other_subject' | 'unknown';

const posts = 'app.bsky.feed.post';
const reposts = 'app.bsky.feed.repost';
const likes = 'app.bsky.feed.like';
const follows = 'app.bsky.graph.follow';

/** Makes a draft of an event of one message of the first version of the wire. Pure. */
export const mapFrame = (text: string): Mapped => {
  const frame = read(text, Frame);
  return typeof frame === 'string' ? { kind: 'bad', reason: frame } : mapped(frame);
};

/** The same of version 2. */
export const mapEventFrame = (text: string): Mapped => {
  const frame = read(text, EventFrame);
  if (typeof frame === 'string') return { kind: 'bad', reason: frame };
  if (frame.$type === 'error') return { kind: 'notice', name: frame.error, message: frame.message ?? '' };
  const { $type, name = '', message = '', did, time, ...commit } = frame.payload;
  const kind = $type.split('#').at(-1) ?? '';
  if (kind === 'info') return { kind: 'notice', name, message };
  if (time === undefined) return { kind: 'bad', reason: 'Cannot use a frame: it has no time' };
  const timeUs = Math.floor(Date.parse(time) / 1000) * 1_000_000 + Number(time.slice(20, 26));
  const checked = Frame.safeParse({ did, time_us: timeUs, kind, ...(kind === 'commit' && { commit }) });
  if (!checked.success) return { kind: 'bad', reason: `Cannot use a frame: ${problemOf(checked.error)}` };
  return mapped(checked.data);
};

const mapped = (frame: Frame): Mapped => {
  const { kind, commit, time_us: timeUs } = frame;
  const ignored = (what: Ignored): Mapped => ({ kind: 'ignored', what, timeUs });
  if (kind === 'identity' || kind === 'account') return ignored(kind);
  if (kind !== 'commit') return ignored('unknown');
  if (commit === undefined) return { kind: 'bad', reason: 'Cannot use a frame: a commit without its content' };
  if (commit.operation === 'update') return ignored('update');
  const action = actionOf(frame, commit);
  if (action === undefined) return ignored('other_record');
  return typeof action === 'string' ? ignored(action) : finish(action, frame);
};

/** The fields that differ; a draft, what is ignored, or what is wrong. */
type Action = { readonly fields: Draft } | { readonly problem: string };
type Commit = NonNullable<Frame['commit']>;

const finish = (action: Action, { did, time_us: timeUs }: Frame): Mapped => {
  if ('problem' in action) return { kind: 'bad', reason: `Cannot use a frame: ${action.problem}` };
  // When the network took it, not createdAt, which any client can set to any time.
  const at = Math.floor(timeUs / 1000);
  return { kind: 'event', draft: { at, user_id: did, ...action.fields, ...postedAt(action.fields, at) }, timeUs };
};

/** When the post appeared: the event itself, or else what the key of the post says. Nothing where that lies in the future. */
const postedAt = ({ type, post_id }: Draft, at: number): Draft => {
  const time = type === 'post' ? at : timeOfKey(String(post_id).split('/').at(-1) ?? '');
  return time === undefined || time > at ? {} : { posted_at: time };
};

const read = <T>(text: string, schema: z.ZodType<T>): T | string => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `Cannot use a frame: it is not JSON (${(error as Error).message})`;
  }
  const { success, data, error } = schema.safeParse(value);
  return success ? data : `Cannot use a frame: ${problemOf(error)}`;
};

const problemOf = ({ issues: [first] }: z.ZodError): string =>
  first === undefined ? 'it has another form' : `${first.path.join('.')}: ${first.message}`;

const actionOf = ({ did }: Frame, commit: Commit): Action | Ignored | undefined => {
  const uri = `at://${did}/${commit.collection}/${commit.rkey}`;
  if (commit.operation === 'delete') return deleteOf(commit.collection, uri, did);
  switch (commit.collection) {
    case posts:
      return parsed(PostRecord, commit.record, (record) => postOf(record, uri, did));
    case reposts:
      return parsed(SubjectRecord, commit.record, ({ subject }) =>
        reactionTo(subject.uri, { id: uri, type: 'repost' }),
      );
    case likes:
      return parsed(SubjectRecord, commit.record, ({ subject }) => reactionTo(subject.uri, { id: uri, type: 'like' }));
    case follows:
      return parsed(FollowRecord, commit.record, ({ subject }) => ({
        fields: { id: uri, type: 'follow', post_id: '', author_id: subject },
      }));
    default:
      return undefined;
  }
};

const parsed = <T>(schema: z.ZodType<T>, record: unknown, use: (value: T) => Action | Ignored): Action | Ignored => {
  const { success, data, error } = schema.safeParse(record);
  return success ? use(data) : { problem: `its record is not as its collection says (${problemOf(error)})` };
};

const deleteOf = (collection: string, uri: string, did: string): Action | Ignored | undefined => {
  if (collection === posts) return { fields: { id: `${uri}#delete`, type: 'delete', post_id: uri, author_id: did } };
  return [reposts, likes, follows].includes(collection) ? 'undo' : undefined;
};

/** The account in the URI of a post; undefined for a URI of anything else. */
const authorOfPost = (uri: string): string | undefined =>
  /^at:\/\/([^/]+)\/app\.bsky\.feed\.post\/[^/]+$/.exec(uri)?.[1];

const reactionTo = (subject: string, fields: Draft): Action | Ignored => {
  const author_id = authorOfPost(subject);
  // Feeds, lists and labelers can be liked too.
  return author_id === undefined ? 'other_subject' : { fields: { ...fields, post_id: subject, author_id } };
};

const postOf = (record: PostRecord, uri: string, did: string): Action => {
  const content = { id: uri, ...contentOf(record) };
  const quoted = record.embed?.record?.uri ?? record.embed?.record?.record?.uri;
  const quotedAuthor = quoted === undefined ? undefined : authorOfPost(quoted);
  if (record.reply !== undefined) {
    const { root, parent } = record.reply;
    const author_id = authorOfPost(root.uri);
    if (author_id === undefined) return { problem: `its reply.root "${root.uri}" is no post` };
    const parent_id = parent.uri === root.uri ? {} : { parent_id: parent.uri };
    return { fields: { ...content, type: 'reply', post_id: root.uri, author_id, ...parent_id } };
  }
  if (quoted !== undefined && quotedAuthor !== undefined) {
    return { fields: { ...content, type: 'quote', post_id: quoted, author_id: quotedAuthor } };
  }
  return { fields: { ...content, type: 'post', post_id: uri, author_id: did } };
};

const contentOf = ({ text, langs, tags = [], facets = [], embed }: PostRecord): Draft => {
  const features = facets.flatMap((facet) => facet.features);
  const count = (kind: string): number => features.filter(({ $type }) => $type?.endsWith(`#${kind}`)).length;
  const found = new Set([...tags, ...features.flatMap(({ tag }) => tag ?? [])].map((tag) => tag.slice(0, 256)));
  const media = embed?.media ?? embed;
  return {
    text: text.slice(0, 65_536),
    ...(langs?.[0] === undefined ? {} : { lang: langs[0].slice(0, 35) }),
    tags: [...found].slice(0, 64),
    links: count('link') + (media?.external === undefined ? 0 : 1),
    media: (media?.images?.length ?? 0) + (media?.video === undefined ? 0 : 1),
    mentions: count('mention'),
  };
};
