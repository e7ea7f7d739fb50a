import { parseResource } from '@groundswell/crds';
import { App, Chart, Testing } from 'cdk8s';
import { expect, expectTypeOf, test } from 'vitest';
import { stringify } from 'yaml';
import { Virality } from '../example/virality.ts';
import {
  FeatureWindow,
  Feed,
  KubeFeatureWindow,
  Recommender,
  type RecommenderProps,
  ScoringModel,
  ViralityPipeline,
} from './index.ts';

const small = {
  key: ['post_id'],
  window: { tumble: { size: '1m' } },
  aggregations: [{ name: 'reposts', count: {} }],
} as const;
const sources = [{ name: 'bluesky', bluesky: {} }];

const chart = () => new Chart(new App(), 'test', { disableResourceNameHashes: true });
const withPipeline = () => {
  const scope = chart();
  return { scope, pipeline: new ViralityPipeline(scope, 'news', { sources }) };
};
const synth = (scope: Chart) =>
  Testing.synth(scope) as { kind: string; metadata: { name: string }; spec: Record<string, unknown> }[];
const one = (scope: Chart, kind: string) => synth(scope).find((object) => object.kind === kind);

test('the example is applied as these resources', async () => {
  const scope = new Virality(Testing.app(), 'virality', { namespace: 'social', disableResourceNameHashes: true });
  const text = synth(scope)
    .map((object) => `---\n${stringify(object)}`)
    .join('');
  await expect(text).toMatchFileSnapshot('golden/virality.yaml');
});

test('every resource of the example parses', () => {
  const scope = new Virality(Testing.app(), 'virality');
  const refused = synth(scope).flatMap((object) => {
    const parsed = parseResource(object);
    return parsed.kind === 'refused' ? parsed.problems : [];
  });
  expect(refused).toEqual([]);
});

test('a construct stands wherever a resource is referred to, however deep', () => {
  const { scope, pipeline } = withPipeline();
  const window = new FeatureWindow(scope, 'hot', { pipeline, ...small });
  const model = new ScoringModel(scope, 'clicks', { pipeline, features: [window.feature('reposts', { default: 0 })] });
  const feed = new Feed(scope, 'home', {
    pipeline,
    ranking: { windowRef: window, weights: { reposts: 2 } },
    mix: { followed: 0.9, trending: 0.1, modelRef: model },
  });
  new Recommender(scope, 'shop', {
    pipeline,
    candidates: [
      { name: 'hot', hot: { windowRef: window, field: 'reposts' } },
      { name: 'taste', taste: { feedRef: feed } },
    ],
    rank: { modelRef: { name: 'elsewhere' } },
  });
  expect(one(scope, 'ScoringModel')?.spec).toEqual({
    pipelineRef: { name: 'news' },
    features: [{ name: 'reposts', window: { ref: { name: 'hot' }, field: 'reposts' }, default: 0 }],
  });
  expect(one(scope, 'Feed')?.spec).toMatchObject({
    ranking: { windowRef: { name: 'hot' } },
    mix: { trending: 0.1, modelRef: { name: 'clicks' } },
  });
  expect(one(scope, 'Recommender')?.spec).toMatchObject({
    candidates: [{ hot: { windowRef: { name: 'hot' } } }, { taste: { feedRef: { name: 'home' } } }],
    rank: { modelRef: { name: 'elsewhere' } },
  });
});

test('what is pointed at comes first', () => {
  const scope = new Virality(Testing.app(), 'virality');
  const kinds = synth(scope).map(({ kind }) => kind);
  expect(kinds[0]).toBe('ViralityPipeline');
  expect(kinds.at(-1)).toBe('ScoringModel');
});

test('a pipeline takes what points back at its windows and models afterwards', () => {
  const scope = chart();
  const pipeline = new ViralityPipeline(scope, 'news', { sources, api: {} });
  const window = new FeatureWindow(scope, 'heat', { pipeline, ...small });
  const model = new ScoringModel(scope, 'hits', { pipeline, features: [window.feature('reposts')] });
  pipeline
    .addSource({ name: 'demo', generator: {} })
    .addAlertChannel({ name: 'newsroom', slack: { webhookUrlRef: { name: 'slack', key: 'url' } } })
    .addAlertRule({ name: 'viral', when: 'prediction.score > 0.9', modelRef: model, channels: ['newsroom'] })
    .showHeatmap(window, 'reposts')
    .showModel(model);
  expect(one(scope, 'ViralityPipeline')?.spec).toEqual({
    sources: [...sources, { name: 'demo', generator: {} }],
    api: {},
    alerts: {
      channels: [{ name: 'newsroom', slack: { webhookUrlRef: { name: 'slack', key: 'url' } } }],
      rules: [{ name: 'viral', when: 'prediction.score > 0.9', modelRef: { name: 'hits' }, channels: ['newsroom'] }],
    },
    ui: { heatmap: { windowRef: { name: 'heat' }, value: 'reposts' }, modelRef: { name: 'hits' } },
  });
});

test('synth refuses what the API server would refuse, and says which field of which resource', () => {
  const { scope, pipeline } = withPipeline();
  new FeatureWindow(scope, 'broken', { pipeline, ...small, window: { hop: { size: '5m', every: '2m' } } });
  expect(() => App.of(scope).synth()).toThrow(/FeatureWindow "broken": spec\.window\.hop.*every must divide size/s);
});

test('synth refuses two constructs that would be one resource', () => {
  const { scope, pipeline } = withPipeline();
  new FeatureWindow(scope, 'hot', { pipeline, ...small });
  new FeatureWindow(scope, 'other', { pipeline, ...small, metadata: { name: 'hot' } });
  expect(() => App.of(scope).synth()).toThrow(
    'Cannot make FeatureWindow "hot": "test/other" and "test/hot" have this name, give one of them another id or metadata.name',
  );
});

test('equal names in two namespaces are two resources', () => {
  const { scope, pipeline } = withPipeline();
  for (const namespace of ['a', 'b'])
    new FeatureWindow(scope, `hot-${namespace}`, { pipeline, ...small, metadata: { name: 'hot', namespace } });
  expect(synth(scope).filter(({ metadata }) => metadata.name === 'hot')).toHaveLength(2);
});

test('the plain constructs take the spec as it is applied', () => {
  const scope = chart();
  const spec = {
    pipelineRef: { name: 'elsewhere' },
    ...small,
    key: [...small.key],
    aggregations: [...small.aggregations],
  };
  new KubeFeatureWindow(scope, 'plain', { metadata: { labels: { team: 'news' } }, spec });
  expect(synth(scope)).toEqual([
    {
      apiVersion: 'groundswell.dev/v1alpha1',
      kind: 'FeatureWindow',
      metadata: { name: 'test-plain', labels: { team: 'news' } },
      spec,
    },
  ]);
});

test('the compiler knows the fields of a window, and a window from a model', () => {
  const { scope, pipeline } = withPipeline();
  const window = new FeatureWindow(scope, 'hot', { pipeline, ...small });
  expectTypeOf(window.feature).parameter(0).toEqualTypeOf<'reposts'>();
  type ModelRef = RecommenderProps['rank']['modelRef'];
  expectTypeOf<ScoringModel>().toExtend<ModelRef>();
  expectTypeOf<{ name: string }>().toExtend<ModelRef>();
  expectTypeOf(window).not.toExtend<ModelRef>();
  expect(window.feature('reposts').window?.ref).toBe(window);
});
