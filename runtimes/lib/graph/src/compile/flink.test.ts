import { expect, test } from 'vitest';
import { compile, parseFiles, resolve, type Target } from '../index.ts';

const resources = (changes: string) => `
apiVersion: groundswell.dev/v1alpha1
kind: ViralityPipeline
metadata: { name: news }
spec:
  sources: [{ name: demo, generator: {} }]
---
apiVersion: groundswell.dev/v1alpha1
kind: FeatureWindow
metadata: { name: w }
spec:
  pipelineRef: { name: news }
  engine: Flink
  flink: { parallelism: 2, jobManager: { requests: { cpu: 250m }, limits: { memory: 1Gi } } }
  key: [post_id]
  window: { hop: { size: 10m, every: 1m } }
  aggregations: [{ name: events, count: {} }]
  ${changes}
`;

const compiled = (changes: string, target: Target) => {
  const { programs, problems } = compile(
    resolve(parseFiles([{ path: 'w.yaml', text: resources(changes) }]).resources),
    { target },
  );
  return { window: programs.find(({ kind }) => kind === 'window'), problems };
};

const sayable = 'emit: EveryWindow\n  sinks: [{ topic: {} }]';

test('in a cluster, a window with engine Flink is a program with its settings', () => {
  const { window, problems } = compiled(sayable, 'cluster');
  expect(problems).toEqual([]);
  expect(window).toMatchObject({
    flink: { version: 'v2_2', parallelism: 2, configuration: {}, jobManager: { cpu: '250m', memory: '1Gi' } },
  });
});

test('what is thinned out is not for Flink, which would count each event once', () => {
  const thinned = resources(sayable).replace(
    '{ name: demo, generator: {} }',
    '{ name: demo, x: { tokenRef: { name: x, key: token }, rules: [{ name: r, value: cats }], quota: { perDay: 10 } } }',
  );
  const { problems } = compile(resolve(parseFiles([{ path: 'w.yaml', text: thinned }]).resources), {
    target: 'cluster',
  });
  expect(problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([
    'spec.engine: Cannot use Flink where a source may be thinned out: its SQL counts each event once, engine: Groundswell is needed',
  ]);
});

test('on a laptop it is computed here, with a warning', () => {
  const { window, problems } = compiled(sayable, 'local');
  expect(window).not.toHaveProperty('flink');
  expect(problems.map(({ severity, path }) => `${severity} ${path}`)).toEqual([
    'warning spec.engine',
    'warning spec.flink',
  ]);
});

test.each(['local', 'cluster'] as const)('what SQL cannot say is refused, with target %s', (target) => {
  const { window, problems } = compiled('sinks: [{ topic: {} }]', target);
  expect(window).toBeUndefined();
  expect(problems.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual([
    'Cannot compile emit to Flink SQL: its windows publish every key with content, use emit: EveryWindow',
  ]);
});
