import { expect, test } from 'vitest';
import { parseFiles, resolve } from './index.ts';
import { said, small } from './test/small.ts';

const windows = (...inputs: readonly (readonly [name: string, reads: string, writes: string])[]) => ({
  path: 'more.yaml',
  text: inputs
    .map(
      ([name, reads, writes]) => `apiVersion: groundswell.dev/v1alpha1
kind: FeatureWindow
metadata: { name: ${name} }
spec:
  pipelineRef: { name: news }
  input: { topic: ${reads} }
  window: { tumble: { size: 1h } }
  aggregations: [{ name: n, count: {} }]
  sinks: [{ topic: { ${writes} } }]
`,
    )
    .join('---\n'),
});

const circles = (...inputs: readonly (readonly [name: string, reads: string, writes: string])[]) =>
  said([...small(), windows(...inputs)]).lines.filter((line) => line.includes('←'));

test('a window that reads its own results is refused', () => {
  expect(circles(['a', 'news.results.a', ''])).toEqual([
    'more.yaml:6:19: spec.input.topic: Cannot compute FeatureWindow "a": it reads what it writes itself (a ← a), another input is needed',
  ]);
});

test('so are windows that read each other, but not those that read them', () => {
  expect(circles(['a', 'two', 'name: one'], ['b', 'one', 'name: two'], ['c', 'one', 'name: three'])).toEqual([
    'more.yaml:6:19: spec.input.topic: Cannot compute FeatureWindow "a": it reads what it writes itself (a ← b ← a), another input is needed',
    'more.yaml:16:19: spec.input.topic: Cannot compute FeatureWindow "b": it reads what it writes itself (b ← a ← b), another input is needed',
  ]);
});

test('a reference to a resource that is wrong itself is no second problem', () => {
  const { lines } = said(small('size: 10m', 'size: long'));
  expect(lines).toEqual([expect.stringContaining('windows.yaml:11:18: spec.window.hop.size: ')]);
});

test('a reference into another pipeline is refused', () => {
  const [pipeline, window, model] = small();
  if (pipeline === undefined || window === undefined || model === undefined) throw new Error('three files expected');
  const other = { path: 'other.yaml', text: pipeline.text.replaceAll('news', 'sports').replace(/ {2}ui:.*\n/, '') };
  const moved = { ...window, text: window.text.replace('{ name: news }', '{ name: sports }') };
  expect(said([pipeline, moved, model, other]).lines).toEqual([
    'model.yaml:9:47: spec.features[1].window.ref.name: Cannot use FeatureWindow "post-10m": it belongs to the pipeline "sports", one of "news" is needed',
  ]);
});

test('resources of two namespaces are not compiled together', () => {
  const { lines } = said(small('name: hits', 'name: hits\n  namespace: other'));
  expect(lines).toContain(
    'model.yaml:3:1: metadata: Cannot compile ScoringModel "hits" together with ViralityPipeline "news": they are in different namespaces, one at a time can be compiled',
  );
});

test('the parts of a pipeline come in the order of their names', () => {
  const { pipelines } = resolve(parseFiles(small().toReversed()).resources);
  expect(pipelines.map(({ pipeline, windows: own }) => [pipeline.name, own.map(({ name }) => name)])).toEqual([
    ['news', ['hourly', 'post-10m']],
  ]);
});

test('parts of a pipeline that is wrong itself are checked all the same, and run nowhere', () => {
  const [pipeline, window, model] = small('event.user.followers }', 'event.user.folowers }');
  if (pipeline === undefined || window === undefined || model === undefined) throw new Error('three files expected');
  const broken = { ...pipeline, text: pipeline.text.replace('  api: {}\n', '  apy: {}\n') };
  const { lines, programs } = said([broken, window, { ...model, text: model.text.replace('log1p', 'logp') }]);
  expect(lines).toEqual([
    expect.stringContaining('pipeline.yaml:24:3: spec.apy: '),
    expect.stringContaining('pipeline.yaml:25:3: spec.ui: '),
    expect.stringContaining('model.yaml:8:44: spec.features[0].event: '),
    expect.stringContaining('model.yaml:10:33: spec.features[2].expression: '),
    expect.stringContaining('windows.yaml:14:47: spec.aggregations[1].sum.field: '),
  ]);
  expect(programs).toEqual([]);
});

test('so are those of a pipeline that is not there, whatever its topics and outcomes are called', () => {
  const [, window, model] = small('  input:\n', '  input:\n    topic: own\n');
  if (window === undefined || model === undefined) throw new Error('three files expected');
  expect(said([window, model]).lines).toEqual(
    ['model.yaml:6:24', 'windows.yaml:6:24', 'windows.yaml:24:24'].map(
      (at) => `${at}: spec.pipelineRef.name: Cannot find ViralityPipeline "news": there is none at all, one is needed`,
    ),
  );
});
