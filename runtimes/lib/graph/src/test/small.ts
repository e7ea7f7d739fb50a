import { compile, formatProblem, parseFiles, resolve, type SourceFile, type Target } from '../index.ts';

/** A small pipeline that is right. Tests break it in one place. */
const files: Readonly<Record<string, string>> = {
  'pipeline.yaml': `apiVersion: groundswell.dev/v1alpha1
kind: ViralityPipeline
metadata:
  name: news
spec:
  sources:
    - name: demo
      generator: { seed: 7 }
    - name: archive
      replay:
        files:
          - path: posts.csv
            format: Csv
            mapping:
              type: row.type
              at: row.at
              post_id: row.post
              user_id: row.user
              author_id: row.author
  outcomes:
    - name: hit
      count: { where: event.type == 'repost', atLeast: 10 }
      within: 1d
  api: {}
  ui: { heatmap: { windowRef: { name: hourly } } }
`,
  'windows.yaml': `apiVersion: groundswell.dev/v1alpha1
kind: FeatureWindow
metadata:
  name: post-10m
spec:
  pipelineRef: { name: news }
  input:
    where: event.type == 'repost'
  key: [post_id]
  window:
    hop: { size: 10m, every: 10s }
  aggregations:
    - { name: reposts, count: {} }
    - { name: reach, sum: { field: event.user.followers } }
  sinks:
    - redis: { hash: { key: "post:{post_id}" } }
---
apiVersion: groundswell.dev/v1alpha1
kind: FeatureWindow
metadata:
  name: hourly
spec:
  pipelineRef: { name: news }
  window:
    tumble: { size: 1h }
  aggregations:
    - { name: events, count: {} }
  sinks:
    - redis: { series: { key: hourly, keep: 24 } }
`,
  'model.yaml': `apiVersion: groundswell.dev/v1alpha1
kind: ScoringModel
metadata:
  name: hits
spec:
  pipelineRef: { name: news }
  features:
    - { name: followers, event: event.user.followers }
    - { name: reposts, window: { ref: { name: post-10m }, field: reposts } }
    - { name: rate, expression: log1p(reposts) / followers }
  variants:
    - name: champion
      share: 60
      artifact: { uri: ./a.onnx, sha256: "${'a'.repeat(64)}" }
    - name: challenger
      share: 40
      artifact: { uri: ./b.onnx, sha256: "${'b'.repeat(64)}" }
  outcomeRef: { name: hit }
`,
};

/** The small pipeline with one place changed. */
export const small = (from = '', to = ''): readonly SourceFile[] => {
  const texts = Object.entries(files).map(([path, text]) => ({
    path,
    text: from === '' ? text : text.replace(from, to),
  }));
  if (from !== '' && texts.every(({ path, text }) => text === files[path])) throw new Error(`"${from}" is not there`);
  return texts;
};

/** Everything that is said of the files, one line each, and the names of the programs. */
export const said = (sources: readonly SourceFile[], target: Target = 'local') => {
  const parsed = parseFiles(sources);
  const graph = resolve(parsed.resources);
  const { programs, placements, problems } = compile(graph, { target });
  const all = [...parsed.problems, ...graph.problems, ...problems];
  return { lines: all.map(formatProblem), severities: all.map(({ severity }) => severity), programs, placements };
};
