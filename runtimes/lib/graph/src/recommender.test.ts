import { expect, test } from 'vitest';
import type { RecommendProgram } from './programs/index.ts';
import { said, small } from './test/small.ts';

/** The small pipeline with a recommender; its model shares variants out by user. */
const files = (fields = '', { model = '  routing: { key: user_id }\n', hot = true } = {}) => [
  ...small().map(({ path, text }) => ({
    path,
    text: text
      .replace('  outcomeRef:', `${model}  outcomeRef:`)
      .replace(
        '    - redis: { hash: { key: "post:{post_id}" } }\n',
        (whole) =>
          whole + (hot ? '    - redis: { sortedSet: { key: hot, member: "{post_id}", score: reposts } }\n' : ''),
      ),
  })),
  {
    path: 'shop.yaml',
    text: `apiVersion: groundswell.dev/v1alpha1
kind: Recommender
metadata: { name: shop }
spec:
  pipelineRef: { name: news }
  candidates:
    - { name: hot, hot: { windowRef: { name: post-10m }, field: reposts } }
    - { name: new, exploration: {} }
  rank: { modelRef: { name: hits } }
${fields}`,
  },
];
const shopLines = (lines: readonly string[]) => lines.filter((line) => line.startsWith('shop.yaml'));

test('a recommender becomes a program beside the API, which knows of it', () => {
  const { lines, programs } = said(files());
  expect(shopLines(lines)).toEqual([]);
  expect(programs.map(({ name }) => name).slice(-2)).toEqual(['recommend-shop', 'api']);
  expect(programs.at(-2)).toMatchObject({
    model: 'hits',
    log: { name: 'news.recommendations.shop' },
    candidates: [
      { name: 'hot', source: { kind: 'hot', key: 'hot' }, limit: 200 },
      { name: 'new', source: { kind: 'exploration' } },
    ],
  });
  expect(programs.at(-1)).toMatchObject({ recommenders: ['shop'] });
});

test.each([
  {
    what: 'a model whose variants are shared out by post',
    made: () => files('', { model: '' }),
    says: 'shop.yaml:9:11: spec.rank.modelRef: Cannot rank by the model "hits": its variants are shared out by post_id, "routing: { key: user_id }" is needed so that a user keeps a variant',
  },
  {
    what: 'a model without an HTTP door',
    made: () => files('', { model: '  routing: { key: user_id }\n  serving: { protocols: [Grpc] }\n' }),
    says: 'shop.yaml:9:11: spec.rank.modelRef: Cannot rank by the model "hits": it takes no requests over HTTP, add Http to its serving.protocols',
  },
  {
    what: 'a window that ranks nothing',
    made: () => files('', { hot: false }),
    says: 'shop.yaml:7:27: spec.candidates[0].hot.windowRef: Cannot find what is hot by "reposts" of the window "post-10m": it ranks no items by it, "key: [post_id]" and the sink redis: { sortedSet: { key: hot, member: "{post_id}", score: reposts } } are needed',
  },
  {
    what: 'a rule over what there is not',
    made: () => files('  rules: [{ name: odd, where: user.tag == 1 }]\n'),
    says: 'shop.yaml:10:36: spec.rules[0].where: Cannot use the expression "user.tag == 1" at column 6: unknown field "tag", did you mean "tags"?',
  },
  {
    what: 'a window that there is not',
    made: () => files().map(({ path, text }) => ({ path, text: text.replace('name: post-10m }', 'name: nowhere }') })),
    says: 'shop.yaml:7:46: spec.candidates[0].hot.windowRef.name: Cannot find FeatureWindow "nowhere": there is none of that name, known are hourly, post-10m',
  },
])('$what is refused', ({ made, says }) => {
  expect(shopLines(said(made()).lines)).toEqual([says]);
});

/** With a blend, and a store of the pipeline. */
const blended = (store: string, ref = 'nightly') =>
  files().map(({ path, text }) => ({
    path,
    text: text
      .replace('  api: {}', `  offlineStores: [{ name: nightly, ${store} }]\n  api: {}`)
      .replace(
        'rank: { modelRef: { name: hits } }',
        `rank: { modelRef: { name: hits }, blend: { fixed: { realTime: 0.6, offline: 0.4 }, storeRef: { name: ${ref} } } }`,
      ),
  }));

test.each([
  {
    store: 'redis: { keyPrefix: "nightly:" }',
    place: { kind: 'hashes', keyPrefix: 'nightly:' },
  },
  {
    store: 'timeout: 5ms, hbase: { rest: "http://hbase:8080" }',
    place: { kind: 'hbase', url: 'http://hbase:8080', table: 'user_offline_feature', family: 'f' },
  },
])('a blend reads scores from $place.kind', ({ store, place }) => {
  const { lines, programs } = said(blended(store));
  expect(lines.filter((line) => !line.includes('into a cluster'))).toEqual([]);
  expect(programs.find(({ kind }) => kind === 'recommend')).toMatchObject({
    blend: {
      weights: { kind: 'fixed', realTime: 0.6, offline: 0.4 },
      field: 'score',
      store: { name: 'nightly', place },
    },
  });
});

test('weights of a blend are learned by a schedule', () => {
  const files = blended('redis: { keyPrefix: "nightly:" }').map(({ path, text }) => ({
    path,
    text: text.replace('fixed: { realTime: 0.6, offline: 0.4 }', 'learned: { minLabels: 200 }'),
  }));
  const { lines, programs } = said(files);
  expect(shopLines(lines)).toEqual([]);
  expect(programs.find(({ kind }) => kind === 'recommend')).toMatchObject({
    blend: { weights: { kind: 'learned', schedule: '@hourly', minLabels: 200 } },
  });
});

test.each([
  ['below 0', 'realTime: -0.2, offline: 1.2', '"realTime" must be at least 0, and is -0.2'],
  ['that are not 1 together', 'realTime: 0.6, offline: 0.6', 'realTime and offline must add up to 1'],
])('weights of a blend %s are refused', (_, weights, reason) => {
  const given = blended('redis: { keyPrefix: "nightly:" }').map(({ path, text }) => ({
    path,
    text: text.replace('realTime: 0.6, offline: 0.4', weights),
  }));
  expect(shopLines(said(given).lines)).toContainEqual(expect.stringContaining(reason));
});

test('a blend needs a store that there is', () => {
  expect(shopLines(said(blended('redis: { keyPrefix: "x:" }', 'daily')).lines)).toEqual([
    'shop.yaml:9:104: spec.rank.blend.storeRef.name: Cannot find the offline store "daily": the pipeline "news" has none of that name, known are nightly',
  ]);
});

test.each([
  { written: 'similar: {}', source: { kind: 'similar' } },
  {
    written: 'similar: { storeRef: { name: nightly } }',
    source: { kind: 'similar', store: { field: 'similar', spec: { name: 'nightly' } } },
  },
])('$written says what is like what a user took', ({ written, source }) => {
  const given = blended('redis: { keyPrefix: "x:" }').map(({ path, text }) => ({
    path,
    text: text.replace('{ name: new, exploration: {} }', `{ name: like, ${written} }`),
  }));
  const { lines, programs } = said(given);
  expect(shopLines(lines)).toEqual([]);
  const program = programs.find((one): one is RecommendProgram => one.kind === 'recommend');
  expect(program?.candidates[1]).toMatchObject({ name: 'like', source });
});

test('what a user took last is a lastN of a window by user', () => {
  const given = files().map(({ path, text }) => ({
    path,
    text: text.replace(
      '{ name: new, exploration: {} }',
      '{ name: like, similar: { windowRef: { name: post-10m }, field: reposts } }',
    ),
  }));
  expect(shopLines(said(given).lines)).toEqual([
    'shop.yaml:8:32: spec.candidates[1].similar.windowRef: Cannot find what a user took last by "reposts" of the window "post-10m": "key: [user_id]", a lastN "reposts" and a redis.hash sink are needed',
  ]);
});

test('rules, limits and sources are live; which events are items is not', () => {
  const revision = (fields: string) =>
    said(files(fields))
      .programs.find((program): program is RecommendProgram => program.kind === 'recommend')
      ?.revision.split('-');
  const [fixed, live] = revision('') ?? [];
  expect(revision('  limits: { topN: 7 }\n')?.[0]).toBe(fixed);
  expect(revision('  limits: { topN: 7 }\n')?.[1]).not.toBe(live);
  expect(revision("  items: { where: event.type == 'reply' }\n")?.[0]).not.toBe(fixed);
});

test('the pods of a recommender follow the CPU that requests take, and nothing else yet', () => {
  const { lines, placements } = said(files('  autoscaling: { by: HPA, minReplicas: 2, maxReplicas: 8 }\n'), 'cluster');
  expect(shopLines(lines)).toEqual([]);
  expect(placements.find(({ program }) => program === 'recommend-shop')).toMatchObject({
    autoscaling: { by: 'HPA', min: 2, max: 8 },
  });
  expect(shopLines(said(files('  autoscaling: { maxReplicas: 8 }\n'), 'cluster').lines)).toEqual([
    expect.stringContaining('use HPA, which goes by the CPU that requests take'),
  ]);
});

test('a recommender may have several pods in a cluster', () => {
  const { lines, placements } = said(files('  replicas: 3\n'), 'cluster');
  expect(shopLines(lines)).toEqual([]);
  expect(placements.find(({ program }) => program === 'recommend-shop')).toMatchObject({ replicas: 3 });
});
