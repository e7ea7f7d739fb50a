import { expect, test } from 'vitest';
import { formatProblem, parseFiles } from './index.ts';

const window = (name: string, namespace = '') => `apiVersion: groundswell.dev/v1alpha1
kind: FeatureWindow
metadata: { name: ${name}${namespace === '' ? '' : `, namespace: ${namespace}`} }
spec:
  pipelineRef: { name: news }
  window: { tumble: { size: 1h } }
  aggregations: [{ name: n, count: {} }]
`;

const parse = (...texts: readonly string[]) => {
  const { resources, problems } = parseFiles(texts.map((text, i) => ({ path: `${'abc'[i]}.yaml`, text })));
  return {
    names: resources.map(({ name, resource }) => (resource === undefined ? `${name} (broken)` : name)),
    lines: problems.map((problem) => `${problem.severity} ${formatProblem(problem)}`),
  };
};

test('a file holds any number of documents, also none', () => {
  expect(parse(`${window('a')}---\n${window('b')}`, '', '# only a note\n---\n---\n', window('c'))).toEqual({
    names: ['a', 'b', 'c'],
    lines: [],
  });
});

test('a list, as kubectl prints it, is its items', () => {
  const indented = window('a').trimEnd().replaceAll('\n', '\n    ');
  const list = `apiVersion: v1\nkind: List\nitems:\n  - ${indented}\n`;
  expect(parse(list)).toEqual({ names: ['a'], lines: [] });
  expect(parse(list.replace('1h', '1 hour')).lines).toEqual([
    expect.stringMatching(
      /^error a.yaml:9:33: spec.window.tumble.size: Cannot accept FeatureWindow "a": "1 hour" is no/,
    ),
  ]);
});

test('JSON is YAML', () => {
  const json = JSON.stringify({
    apiVersion: 'groundswell.dev/v1alpha1',
    kind: 'FeatureWindow',
    metadata: { name: 'a' },
    spec: {
      pipelineRef: { name: 'news' },
      window: { tumble: { size: '1h' } },
      aggregations: [{ name: 'n', count: {} }],
    },
  });
  expect(parse(json)).toEqual({ names: ['a'], lines: [] });
});

test('one broken document keeps no other from being read, and is known by its name', () => {
  const broken = window('b').replace('{ tumble', '[ tumble');
  const { names, lines } = parse(`${window('a')}---\n${broken}---\n${window('c')}`);
  expect(names.toSorted()).toEqual(['a', 'b (broken)', 'c']);
  expect(lines).toEqual([expect.stringMatching(/^error a.yaml:14:\d+: Cannot read the YAML: /)]);
});

test('all mistakes are told at once, in the order of the files', () => {
  const wrong = (name: string) =>
    window(name).replace('1h', 'long').replace('count: {}', 'cuont: {}').replace('pipelineRef', 'pipeline');
  expect(parse(wrong('a'), wrong('b')).lines.map((line) => line.replace(/: Cannot.*/, ''))).toEqual([
    'error a.yaml:4:1: spec.pipelineRef',
    'error a.yaml:5:3: spec.pipeline',
    'error a.yaml:6:29: spec.window.tumble.size',
    'error a.yaml:7:18: spec.aggregations[0]',
    'error a.yaml:7:29: spec.aggregations[0].cuont',
    'error b.yaml:4:1: spec.pipelineRef',
    'error b.yaml:5:3: spec.pipeline',
    'error b.yaml:6:29: spec.window.tumble.size',
    'error b.yaml:7:18: spec.aggregations[0]',
    'error b.yaml:7:29: spec.aggregations[0].cuont',
  ]);
});

test('the second of a name is refused, and told where the first is', () => {
  const { names, lines } = parse(window('a'), `\n${window('a')}`);
  expect(names).toEqual(['a']);
  expect(lines).toEqual([
    'error b.yaml:4:19: metadata.name: Cannot define FeatureWindow "a" twice: it is also in a.yaml:3, one of them must go',
  ]);
  expect(parse(window('a'), window('a', 'other')).lines).toEqual([]);
});

test('what is not ours is ignored, and said so', () => {
  const secret = 'apiVersion: v1\nkind: Secret\nmetadata: { name: s }\n';
  expect(parse(`${secret}---\n${window('a')}`)).toEqual({
    names: ['a'],
    lines: [
      'warning a.yaml:1:1: Cannot use the Secret of v1: only resources of groundswell.dev are compiled, it is ignored',
    ],
  });
});

test('what is no Kubernetes object is refused', () => {
  const lines = [
    'error a.yaml:1:1: Cannot read the document: it is no Kubernetes object, apiVersion and kind are needed',
  ];
  expect(parse('just text').lines).toEqual(lines);
  expect(parse('[1, 2]').lines).toEqual(lines);
});

test('what comes from an anchor is placed where it is written', () => {
  const first = window('a').replace('{ size: 1h }', '&size { size: long }');
  expect(parse(first).lines[0]).toContain('a.yaml:6:35: spec.window.tumble.size: ');
  const twice = window('a').replace(
    '[{ name: n, count: {} }]',
    '[{ name: n, sum: &f { field: 3 } }, { name: m, sum: *f }]',
  );
  expect(parse(twice).lines.map((line) => line.replace(/: Cannot.*/, ''))).toEqual([
    'error a.yaml:7:46: spec.aggregations[0].sum.field',
    'error a.yaml:7:46: spec.aggregations[1].sum.field',
  ]);
});

test('an alias that goes nowhere, and aliases that multiply, are refused', () => {
  expect(parse(window('a').replace('{ size: 1h }', '*size')).lines).toEqual([
    expect.stringMatching(/^error a.yaml:6:21: Cannot read the YAML: unresolved alias/i),
  ]);
  const levels = Array.from(
    { length: 12 },
    (_, i) =>
      `x${i}: &a${i} [${Array(9)
        .fill(i === 0 ? '1' : `*a${i - 1}`)
        .join(',')}]`,
  );
  expect(parse(levels.join('\n')).lines).toEqual([
    expect.stringMatching(/^error a.yaml:1:1: Cannot read the YAML: .*alias/),
  ]);
});
