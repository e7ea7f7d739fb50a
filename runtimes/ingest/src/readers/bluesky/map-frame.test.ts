import { describe, expect, test } from 'vitest';
import { validateEvent } from '../../validate.ts';
import { mapEventFrame, mapFrame } from './map-frame.ts';
import { timeOfKey } from './record-key.ts';

const timeUs = Date.UTC(2026, 10, 21, 8) * 1000;
const at = timeUs / 1000;
const ann = 'did:plc:ann';
const bob = 'did:plc:bob';
/** Of the example in Jetstream's README, which the network took 83 ms later. */
const key = '3l3qo2vuowo2b';
const keyMadeAt = 1_725_911_162_246;
const bobsPost = `at://${bob}/app.bsky.feed.post/${key}`;
const ref = (uri: string) => ({ uri, cid: 'bafy' });

const frame = (collection: string, record: object | undefined, operation = 'create'): string =>
  JSON.stringify({
    did: ann,
    time_us: timeUs,
    kind: 'commit',
    commit: { rev: '1', operation, collection, rkey: 'k1', record, cid: 'bafy' },
  });
const post = (record: object): string =>
  frame('app.bsky.feed.post', { $type: 'app.bsky.feed.post', text: 'hi', createdAt: 'whenever', ...record });
const eventOf = (text: string) => {
  const mapped = mapFrame(text);
  if (mapped.kind !== 'event') throw new Error(JSON.stringify(mapped));
  const event = validateEvent({ ...mapped.draft, source: 's', ingested_at: 0 });
  if (typeof event === 'string') throw new Error(event);
  return event;
};
const annsPost = `at://${ann}/app.bsky.feed.post/k1`;
const shared = { ingested_at: 0, source: 's', at, user_id: ann };
const plain = { text: 'hi', tags: [], links: 0, media: 0, mentions: 0 };

describe('a frame of Jetstream becomes', () => {
  test('a post with its text, language, tags, links, media and mentions', () => {
    const record = {
      text: 'Look #solar',
      langs: ['en', 'de'],
      tags: ['hidden'],
      facets: [
        { index: {}, features: [{ $type: 'app.bsky.richtext.facet#tag', tag: 'solar' }] },
        { index: {}, features: [{ $type: 'app.bsky.richtext.facet#link', uri: 'https://example.org' }] },
        { index: {}, features: [{ $type: 'app.bsky.richtext.facet#mention', did: bob }] },
      ],
      embed: { $type: 'app.bsky.embed.images', images: [{}, {}] },
    };
    expect(eventOf(post(record))).toEqual({
      ...shared,
      id: annsPost,
      type: 'post',
      post_id: annsPost,
      author_id: ann,
      posted_at: at,
      text: 'Look #solar',
      lang: 'en',
      tags: ['hidden', 'solar'],
      links: 1,
      media: 2,
      mentions: 1,
    });
  });

  test('a reply to the root post, with what was directly replied to', () => {
    const parent = `at://did:plc:cem/app.bsky.feed.post/x`;
    const reply = eventOf(post({ reply: { root: ref(bobsPost), parent: ref(parent) } }));
    expect(reply).toEqual({
      ...shared,
      ...plain,
      id: annsPost,
      type: 'reply',
      post_id: bobsPost,
      author_id: bob,
      parent_id: parent,
      posted_at: keyMadeAt,
    });
    expect(eventOf(post({ reply: { root: ref(bobsPost), parent: ref(bobsPost) } })).parent_id).toBeUndefined();
  });

  test.each([
    ['a record', { $type: 'app.bsky.embed.record', record: ref(bobsPost) }, 0],
    [
      'a record with pictures',
      { $type: 'app.bsky.embed.recordWithMedia', record: { record: ref(bobsPost) }, media: { images: [{}] } },
      1,
    ],
  ])('a quote of the post in %s', (_, embed, media) => {
    expect(eventOf(post({ embed }))).toMatchObject({ type: 'quote', post_id: bobsPost, author_id: bob, media });
  });

  test.each([
    ['a list that is shown', { record: ref(`at://${bob}/app.bsky.graph.list/x`) }, { links: 0, media: 0 }],
    ['a link card', { external: { uri: 'https://example.org' } }, { links: 1, media: 0 }],
    ['a video', { video: {} }, { links: 0, media: 1 }],
  ])('a plain post with %s', (_, embed, counts) => {
    expect(eventOf(post({ embed }))).toMatchObject({ type: 'post', post_id: annsPost, ...counts });
  });

  test.each([
    ['repost', 'app.bsky.feed.repost'],
    ['like', 'app.bsky.feed.like'],
  ])('a %s of the post in its subject', (type, collection) => {
    expect(eventOf(frame(collection, { subject: ref(bobsPost), createdAt: 'whenever' }))).toEqual({
      ...shared,
      id: `at://${ann}/${collection}/k1`,
      type,
      post_id: bobsPost,
      author_id: bob,
      posted_at: keyMadeAt,
    });
  });

  test('a follow of the account in its subject', () => {
    expect(eventOf(frame('app.bsky.graph.follow', { subject: bob }))).toEqual({
      ...shared,
      id: `at://${ann}/app.bsky.graph.follow/k1`,
      type: 'follow',
      post_id: '',
      author_id: bob,
    });
  });

  test('a delete of a post, whose id is not that of the post', () => {
    expect(eventOf(frame('app.bsky.feed.post', undefined, 'delete'))).toEqual({
      ...shared,
      id: `${annsPost}#delete`,
      type: 'delete',
      post_id: annsPost,
      author_id: ann,
    });
  });
});

describe('a frame is left out and counted', () => {
  const other = (kind: string) => JSON.stringify({ did: ann, time_us: timeUs, kind, [kind]: { did: ann } });
  test.each([
    ['identity', other('identity')],
    ['account', other('account')],
    ['unknown', other('sync')],
    ['update', frame('app.bsky.feed.post', { text: 'new' }, 'update')],
    ['undo', frame('app.bsky.feed.like', undefined, 'delete')],
    ['other_record', frame('app.bsky.actor.profile', {})],
    ['other_record', frame('app.bsky.actor.profile', undefined, 'delete')],
    ['other_subject', frame('app.bsky.feed.like', { subject: ref(`at://${bob}/app.bsky.feed.generator/x`) })],
  ])('as %s', (what, text) => {
    expect(mapFrame(text)).toEqual({ kind: 'ignored', what, timeUs });
  });
});

describe('a frame is a dead letter', () => {
  test.each([
    ['{"did":"did:plc:a","ti', /^Cannot use a frame: it is not JSON/],
    ['{}', /^Cannot use a frame: did: /],
    [JSON.stringify({ did: ann, time_us: timeUs, kind: 'commit' }), 'Cannot use a frame: a commit without its content'],
    [post({ text: 7 }), /^Cannot use a frame: its record is not as its collection says \(text: /],
    [frame('app.bsky.feed.repost', { subject: 'x' }), /its record is not as its collection says \(subject: /],
    [
      post({ reply: { root: ref('at://x'), parent: ref('at://x') } }),
      'Cannot use a frame: its reply.root "at://x" is no post',
    ],
  ])('when it is %s', (text, reason) => {
    const mapped = mapFrame(text);
    expect(mapped).toMatchObject({ kind: 'bad', reason: expect.stringMatching(reason) });
  });
});

test.each([
  { key: '3l3qo2vuowo2b', time: keyMadeAt },
  { key: '2222222222222', time: undefined },
  { key: 'self', time: undefined },
  { key: '3L3QO2VUOWO2B', time: undefined },
  { key: 'zzzzzzzzzzzzz', time: undefined },
])('the record key $key was made at $time', ({ key: recordKey, time }) => {
  expect(timeOfKey(recordKey)).toBe(time);
});

describe('a frame of version 2', () => {
  const $type = 'network.bsky.jetstream.subscribeEvents#commit';
  const time = '2026-11-21T08:00:00.123456Z';
  const message = (payload: object): string => JSON.stringify({ $type: 'message', payload });
  const like = {
    ...{ $type, seq: 1, did: ann, time, rev: 'r', operation: 'create', collection: 'app.bsky.feed.like', rkey: 'k1' },
    record: { $type: 'app.bsky.feed.like', subject: ref(bobsPost) },
  };

  test('becomes the same event as one of the first, at its time to the µs', () => {
    const first = mapFrame(frame('app.bsky.feed.like', like.record));
    const second = mapEventFrame(message(like));
    if (first.kind !== 'event' || second.kind !== 'event') throw new Error('there is none');
    expect(second.timeUs).toBe(timeUs + 123_456);
    expect(second.draft).toEqual({ ...first.draft, at: at + 123 });
  });

  test('that says something of the stream, or of other things, is no event', () => {
    const info = { $type: $type.replace('commit', 'info'), name: 'OutdatedCursor', message: 'from 7' };
    expect(mapEventFrame(message(info))).toEqual({ kind: 'notice', name: 'OutdatedCursor', message: 'from 7' });
    const error = JSON.stringify({ $type: 'error', error: 'ConsumerTooSlow' });
    expect(mapEventFrame(error)).toEqual({ kind: 'notice', name: 'ConsumerTooSlow', message: '' });
    const account = { $type: $type.replace('commit', 'account'), seq: 1, did: ann, time, account: {} };
    expect(mapEventFrame(message(account))).toMatchObject({ kind: 'ignored', what: 'account' });
  });

  test.each([
    ['not JSON', 'nothing', /^Cannot use a frame: it is not JSON/],
    ['of the other version', frame('app.bsky.feed.like', like.record), /^Cannot use a frame: \$type/],
    ['without a time', message({ ...like, time: undefined }), /^Cannot use a frame: it has no time$/],
    ['with a time that is none', message({ ...like, time: 'noon' }), /^Cannot use a frame: payload.time/],
    ['without its key', message({ ...like, rkey: undefined }), /^Cannot use a frame: commit.rkey/],
    ['of nobody', message({ ...like, did: undefined }), /^Cannot use a frame: did/],
  ])('%s is bad, and says why', (_, text, why) => {
    expect(mapEventFrame(text)).toEqual({ kind: 'bad', reason: expect.stringMatching(why) });
  });
});
