import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { describe, expect, test } from 'vitest';

/** Who may import whom: left imports right, nothing else of ours. Docs: docs/decisions/001-rooms-and-directions.md. */
const stream = ['cel', 'graph', 'http', 'pod', 'process', 'stores', 'wire'];
const mayImport: Readonly<Record<string, readonly string[]>> = {
  crds: [],
  cdk8s: ['crds'],
  wire: [],
  windowing: [],
  evidence: [],
  feeds: ['cel', 'graph', 'wire'],
  cel: [],
  flink: ['cel'],
  process: [],
  http: ['wire'],
  features: ['cel', 'graph', 'windowing', 'wire'],
  alerting: ['cel', 'graph', 'wire'],
  graph: ['cel', 'crds', 'flink', 'wire'],
  artifacts: ['graph'],
  stores: ['process', 'wire'],
  pod: ['graph', 'http', 'process', 'stores', 'tracing', 'wire'],
  tracing: ['graph', 'process'],
  ingest: stream,
  window: [...stream, 'windowing'],
  scorer: [...stream, 'artifacts', 'features', 'windowing'],
  trainer: ['artifacts', 'graph', 'pod', 'process', 'stores', 'wire'],
  deadletters: stream.filter((name) => name !== 'cel'),
  rollout: [...stream.filter((name) => name !== 'cel'), 'evidence'],
  alerter: [...stream.filter((name) => name !== 'cel'), 'alerting'],
  feed: [...stream.filter((name) => name !== 'cel'), 'feeds'],
  recommending: ['cel', 'graph'],
  recommend: [...stream, 'recommending'],
  api: [...stream, 'evidence', 'feeds', 'recommending'],
  ui: ['wire'],
  operator: ['crds', 'evidence', 'flink', 'graph', 'process', 'stores', 'wire'],
  track: [],
  client: [],
  local: [
    ...stream,
    'alerter',
    'alerting',
    'api',
    'client',
    'artifacts',
    'crds',
    'deadletters',
    'evidence',
    'feed',
    'ingest',
    'operator',
    'recommend',
    'recommending',
    'rollout',
    'scorer',
    'tracing',
    'trainer',
    'window',
  ],
};
const pure = [
  'crds/src',
  ...['alerting', 'cel', 'evidence', 'features', 'feeds', 'flink', 'graph', 'recommending', 'windowing', 'wire'].map(
    (p) => `runtimes/lib/${p}/src`,
  ),
  'operator/src/children',
];
const edges = ['crds/src/generate'];

const root = join(import.meta.dirname, '..');
const sourcesUnder = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter(
      (entry) =>
        entry.isFile() && /\.tsx?$/.test(entry.name) && !/(^|[/\\])(node_modules|dist)([/\\]|$)/.test(entry.parentPath),
    )
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));
const sources = ['cdk8s', 'crds', 'operator', 'runtimes'].flatMap(sourcesUnder);
const importsOf = (file: string): string[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)].map(
    (match) => match[1] ?? '',
  );
const packageOf = (file: string): string =>
  (/^runtimes\/lib\/([^/]+)/.exec(file) ?? /^(?:runtimes\/)?([^/]+)/.exec(file))?.[1] ?? '';
const isTest = (file: string): boolean => /\.test\.tsx?$|\/contract\/|\/test\//.test(file);

describe('the import graph', () => {
  test('has a row in the table for every package', () => {
    expect([...new Set(sources.map(packageOf))].filter((name) => mayImport[name] === undefined)).toEqual([]);
  });

  test('goes in one direction', () => {
    const forbidden = sources
      .filter((file) => !isTest(file))
      .flatMap((file) => importsOf(file).map((to) => ({ file, to: /^@groundswell\/([^/]+)/.exec(to)?.[1] })))
      .filter(
        ({ file, to }) => to !== undefined && to !== packageOf(file) && !mayImport[packageOf(file)]?.includes(to),
      );
    expect(forbidden).toEqual([]);
  });

  test('never leaves a package by a relative path', () => {
    const escapes = sources.flatMap((file) =>
      importsOf(file)
        .filter((to) => to.startsWith('.') && packageOf(join(dirname(file), to)) !== packageOf(file))
        .map((to) => `${file} → ${to}`),
    );
    expect(escapes).toEqual([]);
  });

  test('keeps the world out of the pure packages', () => {
    const impure = sources
      .filter(
        (file) =>
          pure.some((folder) => file.startsWith(`${folder}/`)) &&
          !edges.some((folder) => file.startsWith(folder)) &&
          !isTest(file),
      )
      .filter(
        (file) =>
          importsOf(file).some((to) => to.startsWith('node:')) ||
          /\bnew Date\(\)|\bDate\.now|\bMath\.random|\bprocess\.(env|argv|exit)/.test(
            readFileSync(join(root, file), 'utf8'),
          ),
      );
    expect(impure).toEqual([]);
  });

  test('has no cycles between files', () => {
    const next = new Map(
      sources.map((file) => [
        file,
        importsOf(file)
          .filter((to) => to.startsWith('.'))
          .map((to) => join(dirname(file), to)),
      ]),
    );
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
      if (done.has(file) || path.includes(file)) return;
      for (const to of next.get(file) ?? []) visit(to, [...path, file]);
      done.add(file);
    };
    for (const file of sources) visit(file, []);
    expect(cycles).toEqual([]);
  });
});

test('every test is run by a suite of .ci/run', () => {
  const suites = /for suite in ([^;]*);/.exec(readFileSync(join(root, '.ci/run'), 'utf8'))?.[1]?.split(' ') ?? [];
  const words = ['crds', 'cdk8s', 'charts', 'operator', 'runtimes', 'test']
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }))
    .filter((file) => !/(^|[/\\])(node_modules|dist)[/\\]/.test(file))
    .flatMap((file) => /\.(\w+)\.test\.tsx?$/.exec(file)?.[1] ?? []);
  // A whole cluster is built for it, from nothing in 15 minutes: `make e2e`.
  const elsewhere = ['laws', 'e2e'];
  expect([...new Set(words)].filter((word) => !elsewhere.includes(word) && !suites.includes(`test-${word}`))).toEqual(
    [],
  );
});
