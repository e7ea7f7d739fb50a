import { describe, expect, expectTypeOf, test } from 'vitest';
import { changed, type Written } from '../test/examples.ts';
import { type Bytes, type Millis, parseResource, type Resource } from './index.ts';

/** The problems, one line each. */
const said = (value: unknown): readonly string[] => {
  const parsed = parseResource(value);
  return parsed.kind === 'parsed' ? [] : parsed.problems.map(({ path, message }) => `${path.join('.')}: ${message}`);
};

const parsed = (value: unknown): Resource => {
  const result = parseResource(value);
  if (result.kind === 'refused') throw new Error(JSON.stringify(result.problems));
  return result.resource;
};

describe('what is no resource of ours', () => {
  const anything = 'must be an object with apiVersion, kind, metadata and spec';
  test.each([[null], [undefined], [7], ['text'], [[]]])('such as %j is refused', (value) => {
    expect(said(value)).toEqual([`: ${anything}`]);
  });

  test.each([
    [
      {},
      'apiVersion: is required: write groundswell.dev/v1alpha1',
      'kind: is required: give one of ViralityPipeline, FeatureWindow, ScoringModel, Feed, Recommender',
    ],
    [
      { apiVersion: 'groundswell.dev/v1', kind: 'Feed' },
      'apiVersion: must be "groundswell.dev/v1alpha1", and is "groundswell.dev/v1"',
    ],
    [
      { apiVersion: 'groundswell.dev/v1alpha1', kind: 'FeaturesWindow' },
      'kind: "FeaturesWindow" is no kind of ours: did you mean "FeatureWindow"?',
    ],
    [
      { apiVersion: 'groundswell.dev/v1alpha1', kind: 'Deployment' },
      'kind: "Deployment" is no kind of ours: there are ViralityPipeline, FeatureWindow, ScoringModel, Feed, Recommender',
    ],
    [
      { apiVersion: 'groundswell.dev/v1alpha1', kind: 7 },
      'kind: 7 is no kind of ours: there are ViralityPipeline, FeatureWindow, ScoringModel, Feed, Recommender',
    ],
  ])('such as %j says so', (value, ...lines) => {
    expect(said(value)).toEqual(lines);
  });
});

describe('what is wrong in a resource', () => {
  test.each<[string, Written, readonly string[]]>([
    [
      'a field with a typing error',
      changed('FeatureWindow', ['spec.watermrak', {}]),
      ['spec.watermrak: is no known field: did you mean "watermark"?'],
    ],
    [
      'a field that resembles none',
      changed('FeatureWindow', ['spec.window.hop.colour', 1]),
      ['spec.window.hop.colour: is no known field: there are size, every'],
    ],
    [
      'a field where there are none here',
      changed('FeatureWindow', ['spec.aggregations.0.count', { where: 'true' }]),
      ['spec.aggregations.0.count.where: is no known field: there are none here'],
    ],
    [
      'a field in metadata',
      changed('Feed', ['metadata.lables', {}]),
      ['metadata.lables: is no known field: did you mean "labels"?'],
    ],
    [
      'a value of the wrong type',
      changed('FeatureWindow', ['spec.key', 'author_id'], ['spec.replicas', 'three']),
      ['spec.key: must be a list, and is "author_id"', 'spec.replicas: must be a number, and is "three"'],
    ],
    [
      'a value that is left empty',
      changed('ViralityPipeline', ['spec.api', null]),
      ['spec.api: must be an object, and is null'],
    ],
    [
      'a missing field',
      changed('Recommender', ['spec.rank.modelRef', undefined], ['spec.pipelineRef', {}]),
      ['spec.pipelineRef.name: is required: give text', 'spec.rank.modelRef: is required: give an object'],
    ],
    ['a missing choice', changed('FeatureWindow', ['metadata', undefined]), ['metadata: is required: give an object']],
    [
      'a word in small letters',
      changed('Feed', ['spec.mode', 'hybrid']),
      ['spec.mode: must be FanOutOnWrite, RankOnRead, Hybrid, and is "hybrid": did you mean "Hybrid"?'],
    ],
    [
      'numbers out of bounds',
      changed('Feed', ['spec.replicas', -1], ['spec.mix.followed', 1.5]),
      ['spec.mix.followed: must be at most 1, and is 1.5', 'spec.replicas: must be at least 0, and is -1'],
    ],
    [
      'a fraction where whole numbers are counted',
      changed('Feed', ['spec.replicas', 1.5]),
      ['spec.replicas: must be a whole number, and is 1.5'],
    ],
    [
      'a duration',
      changed('FeatureWindow', ['spec.window.hop.every', '5 minutes']),
      [
        'spec.window.hop.every: "5 minutes" is no duration: write whole numbers with units, as in 250ms, 30s, 5m, 1h30m, 72h or 3d',
      ],
    ],
    [
      'a speed',
      changed('ViralityPipeline', ['spec.sources.1.replay.speed', 'fast']),
      ['spec.sources.1.replay.speed: "fast" is no speed: write Max, a whole number such as 600, or "0.5" in quotes'],
    ],
    [
      'a name',
      changed('Feed', ['metadata.name', 'My Feed']),
      ['metadata.name: "My Feed" is no name: write small letters, digits and "-", at most 40, as in post-10m'],
    ],
    [
      'a name that stands twice',
      changed('FeatureWindow', ['spec.aggregations.1.name', 'likes']),
      [
        'spec.aggregations.1.name: "likes" stands twice: names must differ',
        'spec.aggregations: numerator and denominator of a ratio must be names of aggregations of this window',
      ],
    ],
    [
      'too many of something',
      changed('FeatureWindow', ['spec.key', Array.from({ length: 9 }, (_, i) => `k${i}`)]),
      ['spec.key: must have at most 8 entries, and is ["k0","k1","k2","k3","k4","k5","k6","k7","k8"]'],
    ],
  ])('is said of %s', (_, value, lines) => {
    expect(said(value).toSorted()).toEqual(lines.toSorted());
  });

  test('is said all at once, rules included', () => {
    const value = changed(
      'FeatureWindow',
      ['metadata.name', 'A'],
      ['spec.engin', 'Flink'],
      ['spec.window.hop.every', '7m'],
      ['spec.aggregations.0.cuont', {}],
      ['spec.flink', {}],
    );
    expect(said(value)).toEqual([
      'metadata.name: "A" is no name: write small letters, digits and "-", at most 40, as in post-10m',
      'spec.window.hop: every must divide size: write for example size 1h with every 5m',
      'spec.aggregations.0.cuont: is no known field: did you mean "count"?',
      'spec.engin: is no known field: did you mean "engine"?',
      'spec.flink: flink has no meaning without engine: Flink',
    ]);
  });

  test('never makes the parser throw, whatever stands where', () => {
    const junk = [null, 0, -1, 1.5, '', 'x', true, [], {}, [null], Number.NaN, Number.POSITIVE_INFINITY, 10n];
    for (const value of junk) {
      for (const path of ['spec', 'spec.window', 'spec.window.hop', 'spec.aggregations', 'spec.sinks', 'metadata']) {
        if (path === 'spec.sinks' && Array.isArray(value) && value.length === 0) continue;
        expect(parseResource(changed('FeatureWindow', [path, value])).kind).toBe('refused');
      }
    }
  });
});

describe('a resource that is right', () => {
  test('has its defaults, and numbers for durations and sizes', () => {
    const { spec } = parsed(changed('FeatureWindow', ['spec.state', { maxMemory: '1Gi' }]));
    expect(spec).toMatchObject({
      window: { hop: { size: 259_200_000, every: 300_000 } },
      emit: 'OnChange',
      state: { store: 'Changelog', maxMemory: 1_073_741_824, saveEvery: 10_000 },
    });
  });

  test('has the types of what was parsed', () => {
    const resource = parsed(changed('FeatureWindow'));
    if (resource.kind !== 'FeatureWindow') throw new Error('unreachable');
    expectTypeOf(resource.spec.watermark.maxOutOfOrderness).toEqualTypeOf<Millis>();
    expectTypeOf(resource.spec.state.maxMemory).toEqualTypeOf<Bytes | undefined>();
    expectTypeOf(resource.spec.window.head).toEqualTypeOf<'Closed' | 'Sawtooth'>();
  });

  test('keeps what the API server adds', () => {
    const added = { uid: 'u', resourceVersion: '7', generation: 3, managedFields: [{ manager: 'm' }] };
    const status = { observedGeneration: 3, phase: 'Running' };
    const { metadata, ...rest } = parsed({ ...changed('Feed'), metadata: { name: 'home', ...added }, status });
    expect(metadata).toEqual({ name: 'home', ...added });
    expect(rest.status).toEqual(status);
  });

  test('counts a status that does not parse as none', () => {
    expect(parsed({ ...changed('Feed'), status: { phase: 'OfAnOlderVersion' } }).status).toBeUndefined();
  });
});
