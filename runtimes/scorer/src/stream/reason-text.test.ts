import type { Feature } from '@groundswell/graph';
import { expect, test } from 'vitest';
import { reasonText } from './reason-text.ts';

const expression = (name: string, text: string, type: Feature['type'] = 'float'): Feature => ({
  name,
  type,
  hidden: false,
  source: { kind: 'expression', expression: text },
});
const ofWindow = (name: string, window: string, field: string, key = 'post_id'): Feature => ({
  name,
  type: 'float',
  hidden: false,
  source: { kind: 'window', window, hash: 'h', field, key: [{ name: key, value: `event.${key}` }], combine: 'Max' },
});

test.each([
  { feature: ofWindow('reposts_10m', 'post-10m', 'reposts'), value: 37, text: '37 reposts in the last 10 minutes' },
  { feature: ofWindow('reposts_1h', 'post', 'reposts'), value: 1, text: '1 repost in the last hour' },
  {
    feature: ofWindow('x', 'author-30d', 'posts', 'author_id'),
    value: 1200,
    text: '1,200 posts by the author in the last 30 days',
  },
  { feature: ofWindow('tag_heat', 'tag-1h', 'posts', 'tags'), value: 4, text: '4 posts by tags in the last hour' },
  { feature: ofWindow('people', 'sums', 'people'), value: 2.345, text: '2.35 people' },
  { feature: ofWindow('engagement', 'post', 'likes_5m'), value: 9, text: '9 likes in the last 5 minutes' },
  {
    feature: ofWindow('repost_age_avg', 'post-1h', 'age_avg'),
    value: 1234,
    text: 'repost age avg 1,234 in the last hour',
  },
  { feature: expression('followers', 'event.user.followers'), value: 12_345, text: '12,345 followers' },
  { feature: expression('listed', 'event.user.followers'), value: Number.NaN, text: 'listed unknown' },
  { feature: expression('verified', 'event.user.verified', 'bool'), value: 1, text: 'verified' },
  { feature: expression('verified', 'event.user.verified', 'bool'), value: 0, text: 'not verified' },
  { feature: expression('sentiment', 'sentiment(event.text)'), value: 0.6378, text: 'sentiment 0.638' },
  { feature: expression('age_minutes', 'age / 60000.0'), value: 10, text: 'age 10 minutes' },
  { feature: expression('account_age_days', 'x(at)'), value: 1, text: 'account age 1 day' },
  { feature: expression('log_followers', 'log1p(followers)'), value: -0.000123, text: 'log followers -0.000123' },
])('$feature.name of $value reads "$text"', ({ feature, value, text }) => {
  expect(reasonText(feature, value)).toBe(text);
});
