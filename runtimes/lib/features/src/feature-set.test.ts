import type { SocialEvent } from '@groundswell/wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Feature, WindowSource } from './feature.ts';
import { createFeatures } from './feature-set.ts';

const post: SocialEvent = {
  id: 'e1',
  type: 'post',
  at: 1_000,
  ingested_at: 1_000,
  source: 'test',
  post_id: 'p1',
  user_id: 'ann',
  author_id: 'ann',
  text: 'What a great day!',
  tags: ['sun', 'sea'],
  user: { followers: 99, verified: true },
};

type Over = Partial<Omit<Feature, 'source'>>;
const feature = (name: string, expression: string, over: Over = {}): Feature => ({
  name,
  type: 'float',
  hidden: false,
  source: { kind: 'expression', expression },
  ...over,
});

const windowFeature = (name: string, source: Partial<WindowSource> = {}, over: Over = {}): Feature => ({
  name,
  type: 'float',
  hidden: false,
  source: {
    kind: 'window',
    window: 'post-10m',
    hash: 'post:{post_id}',
    field: name,
    key: [{ name: 'post_id', value: 'event.post_id' }],
    combine: 'Max',
    ...source,
  },
  ...over,
});

type Stored = Readonly<Record<string, Readonly<Record<string, string>>>>;
interface At {
  readonly event?: SocialEvent;
  readonly at?: number;
  readonly stored?: Stored;
  readonly watermarks?: Readonly<Record<string, number>>;
}

const vectorOf = (
  features: readonly Feature[],
  { event = post, at = event.at, stored = {}, watermarks = {} }: At = {},
) => {
  const set = createFeatures(features);
  const reads = set.reads(event);
  const values = reads.map(({ hash, fields }) => fields.map((field) => stored[hash]?.[field]));
  const into = new Float32Array(set.width + 2).fill(-7);
  set.vector(into, 1, {
    event,
    at,
    age: at - event.at,
    reads,
    values,
    watermarks: new Map(Object.entries(watermarks)),
  });
  expect([into[0], into.at(-1)], 'nothing is written outside').toEqual([-7, -7]);
  return [...into.subarray(1, -1)];
};

test('a vector holds the features in declared order, without the hidden ones', () => {
  const features = [
    feature('followers', 'event.user.followers'),
    feature('doubled', 'followers * 2.0', { hidden: true }),
    feature('sum', 'followers + doubled'),
    feature('minutes', 'age / 60000.0'),
    feature('sentiment', 'sentiment(event.text)'),
  ];
  expect(createFeatures(features).names).toEqual(['followers', 'sum', 'minutes', 'sentiment']);
  const [followers, sum, minutes, sentiment] = vectorOf(features, { at: 121_000 });
  expect([followers, sum, minutes]).toEqual([99, 297, 2]);
  expect(sentiment).toBeGreaterThan(0);
});

test('an expression does not see the features after it', () => {
  expect(() => createFeatures([feature('a', 'b + 1.0'), feature('b', '1.0')])).toThrow(/unknown variable "b"/);
});

test.each(['event', 'at', 'age', 'twice'])('the name "%s" is refused where it is taken', (name) => {
  const build = () => createFeatures([feature('twice', '1.0'), feature(name, '1.0')]);
  expect(build).toThrow(`Cannot compile features: the name "${name}" is taken, another one is needed`);
});

test.each([
  { type: 'int', expression: '2.5', value: 3 },
  { type: 'int', expression: 'event.user.verified', value: 1 },
  { type: 'bool', expression: 'event.user.verified', value: 1 },
  { type: 'bool', expression: '!event.user.verified', value: 0 },
  { type: 'bool', expression: '0.3', value: 1 },
  { type: 'float', expression: '0.1', value: Math.fround(0.1) },
  { type: 'float', expression: 'event.text', value: Number.NaN },
  { type: 'float', expression: 'event.user.listed', value: Number.NaN },
  { type: 'float', expression: '1.0 / 0.0', value: Number.NaN },
  { type: 'float', expression: '1e39', value: Number.NaN },
  { type: 'float', expression: 'ln(-1.0)', value: Number.NaN },
] as const)('$expression as $type is $value', ({ type, expression, value }) => {
  expect(vectorOf([feature('f', expression, { type })])).toEqual([value]);
});

test('a missing feature takes its default, which later expressions see', () => {
  const features = [
    feature('listed', 'event.user.listed', { default: 5 }),
    feature('more', 'listed + 1.0'),
    feature('bare', 'event.user.posts'),
    feature('from_missing', 'bare + 1.0'),
  ];
  expect(vectorOf(features)).toEqual([5, 6, Number.NaN, Number.NaN]);
  expect([...createFeatures(features).missing]).toEqual([5, Number.NaN, Number.NaN, Number.NaN]);
});

test('later expressions see more digits than float32 has, and truth values as such', () => {
  const moment = 1_700_000_000_123;
  const features = [
    feature('now', 'at', { hidden: true }),
    feature('ms', 'now - 1700000000000.0'),
    feature('known', 'event.user.verified', { type: 'bool' }),
    feature('chosen', 'known ? 8.0 : 9.0'),
  ];
  expect(vectorOf(features, { at: moment })).toEqual([123, 1, 8]);
});

test('one hash is read once for all the features that it holds', () => {
  const author = { hash: 'a:{author_id}', key: [{ name: 'author_id', value: 'event.author_id' }] };
  const set = createFeatures([
    windowFeature('reposts'),
    windowFeature('people'),
    windowFeature('posts', author),
    windowFeature('again', { field: 'reposts' }),
  ]);
  expect(set.reads(post)).toEqual([
    { group: 0, window: 'post-10m', hash: 'post:p1', fields: ['reposts', 'people'] },
    { group: 1, window: 'post-10m', hash: 'a:ann', fields: ['posts'] },
  ]);
});

test('a template takes each key field by its name, in any order', () => {
  const key = [
    { name: 'post_id', value: 'event.post_id' },
    { name: 'author_id', value: 'event.author_id' },
  ];
  const set = createFeatures([windowFeature('f', { hash: '{author_id}:of:{post_id}', key })]);
  expect(set.reads(post).map(({ hash }) => hash)).toEqual(['ann:of:p1']);
});

test('a template that names no key is refused', () => {
  expect(() => createFeatures([windowFeature('f', { hash: 'x:{window_end}' })])).toThrow(
    'Cannot read window "post-10m": "x:{window_end}" names {window_end}, one of its keys is needed',
  );
});

test('two lists of keys read each combination, and no more than 64', () => {
  const tags = (count: number) => Array.from({ length: count }, (_, i) => `t${i}`);
  const key = [
    { name: 'tag', value: 'event.tags' },
    { name: 'other', value: 'event.tags' },
  ];
  const set = createFeatures([windowFeature('f', { hash: '{tag}+{other}', key })]);
  const hashes = (count: number) => set.reads({ ...post, tags: tags(count) }).map(({ hash }) => hash);
  expect(hashes(2)).toEqual(['t0+t0', 't0+t1', 't1+t0', 't1+t1']);
  expect(hashes(20)).toHaveLength(64);
});

const heat = (combine: WindowSource['combine']): Feature =>
  windowFeature('heat', { hash: 't:{tags}', key: [{ name: 'tags', value: 'event.tags' }], combine });

test.each([
  { combine: 'Max', value: 6 },
  { combine: 'Min', value: 2 },
  { combine: 'Sum', value: 8 },
  { combine: 'Mean', value: 4 },
] as const)('a list of keys is read one by one and combined by $combine', ({ combine, value }) => {
  const stored = { 't:sun': { heat: '2' }, 't:sea': { heat: '6' } };
  expect(vectorOf([heat(combine)], { stored })).toEqual([value]);
  const event = { ...post, tags: ['sun', 'sky', 'sea', 'sun'] };
  expect(vectorOf([heat(combine)], { stored, event }), 'without a value or twice there, it does not count').toEqual([
    value,
  ]);
});

test('a key that is missing or empty reads nothing', () => {
  const { tags: _, ...untagged } = post;
  for (const event of [untagged, { ...post, tags: [] }]) {
    expect(createFeatures([heat('Sum')]).reads(event)).toEqual([]);
    expect(vectorOf([heat('Sum')], { event })).toEqual([Number.NaN]);
  }
});

test.each([
  { text: '37', value: 37 },
  { text: '0.25', value: 0.25 },
  { text: 'true', value: 1 },
  { text: 'false', value: 0 },
  { text: '', value: Number.NaN },
  { text: 'many', value: Number.NaN },
])('the stored text "$text" is the value $value', ({ text, value }) => {
  expect(vectorOf([windowFeature('f')], { stored: { 'post:p1': { f: text } } })).toEqual([value]);
});

const fresh = windowFeature('f', { maxStalenessMs: 100 }, { default: -1 });
test.each([
  { watermark: 1_900, says: 'exactly at the limit', value: 4 },
  { watermark: 1_899, says: '1 ms over the limit', value: -1 },
  { watermark: 2_500, says: 'ahead', value: 4 },
  { watermark: undefined, says: 'unknown', value: -1 },
])('with the watermark $says, a value with a staleness limit is $value', ({ watermark, value }) => {
  const watermarks = watermark === undefined ? {} : { 'post-10m': watermark };
  expect(createFeatures([fresh]).windows).toEqual(['post-10m']);
  expect(vectorOf([fresh], { at: 2_000, stored: { 'post:p1': { f: '4' } }, watermarks })).toEqual([value]);
});

test('a value without a staleness limit is never stale', () => {
  expect(createFeatures([windowFeature('f')]).windows).toEqual([]);
  expect(vectorOf([windowFeature('f')], { at: 1e12, stored: { 'post:p1': { f: '4' } } })).toEqual([4]);
});

interface Row {
  readonly followers: number | undefined;
  readonly listed: number | undefined;
  readonly reposts: number | undefined;
  readonly at: number;
  readonly watermark: number;
}
const number = fc.oneof(fc.double({ noNaN: true }), fc.integer(), fc.constant(undefined));

test('a vector depends on the moment alone: other rows in between, or another set from the same list, change nothing', () => {
  const features = [
    feature('followers', 'event.user.followers'),
    feature('listed', 'event.user.listed', { default: 2, type: 'int' }),
    windowFeature('reposts', { maxStalenessMs: 50 }),
    feature('per', 'ratio(reposts, followers)'),
    feature('is_big', 'followers > 10.0', { type: 'bool' }),
    feature('mixed', 'is_big ? per : age'),
  ];
  const moment = fc.record({
    followers: number,
    listed: number,
    reposts: number,
    at: fc.nat(1e6),
    watermark: fc.nat(1e6),
  });
  const shared = createFeatures(features);
  const rowOf = (set: typeof shared, { followers, listed, reposts, at, watermark }: Row) => {
    const user = Object.fromEntries(Object.entries({ followers, listed }).filter(([, value]) => value !== undefined));
    const event = { ...post, user };
    const reads = set.reads(event);
    const values = [[reposts === undefined ? undefined : String(reposts)]];
    const into = new Float32Array(set.width);
    set.vector(into, 0, { event, at, age: at, reads, values, watermarks: new Map([['post-10m', watermark]]) });
    return into;
  };
  fc.assert(
    fc.property(fc.array(moment, { minLength: 1 }), (moments) => {
      const served = moments.map((each) => rowOf(shared, each));
      const trained = moments.map((each) => rowOf(createFeatures(features), each));
      expect(served).toEqual(trained);
      for (const row of served) for (const value of row) expect(Math.abs(value)).not.toBe(Number.POSITIVE_INFINITY);
      const logged = served.map((row) => JSON.parse(JSON.stringify([...row])) as (number | null)[]);
      expect(logged.map((row) => Float32Array.from(row, (value) => value ?? Number.NaN))).toEqual(
        served.map((row) => row.map((value) => value + 0)),
      );
    }),
  );
});
