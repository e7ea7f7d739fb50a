import { createHash } from 'node:crypto';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Program } from '@groundswell/graph';
import { generateEvents } from '@groundswell/ingest';
import { loadPrograms } from '@groundswell/local';
import type { SocialEvent } from '@groundswell/wire';

const fixtures = join(import.meta.dirname, '..', '..', '..', 'runtimes', 'scorer', 'test', 'fixtures');

/** Ages at which posts are scored, ms. */
export const ages = [0, 300_000, 1_800_000];
/** Events a second that a paced replay gives, about. */
const pace = 300;
const duration = 2 * 3_600_000;

const variantYaml = async (name: string, file: string, share: number): Promise<string> => {
  const path = join(fixtures, `${file}.onnx`);
  const sha256 = createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
  return `    - { name: ${name}, share: ${share}, artifact: { uri: ${JSON.stringify(path)}, sha256: "${sha256}" } }`;
};

/** Sorted by time, so that no event is late: how far a watermark has come when an event is read depends on partitions. */
const pipelineYaml = (name: string, file: string, speed: string): string => `
apiVersion: groundswell.dev/v1alpha1
kind: ViralityPipeline
metadata: { name: ${name} }
spec:
  sources:
    - name: file
      replay:
        speed: ${speed}
        tick: 10s
        order: Sort
        onBadRow: DeadLetter
        files:
          - path: ${file}
            format: JsonLines
            timeUnit: Milliseconds
            mapping:
              id: row.id
              type: row.type
              at: row.at
              post_id: row.post_id
              user_id: row.user_id
              author_id: row.author_id
              user.followers: "has(row.user) ? row.user.followers : ''"
  topics:
    events: { partitions: 3 }
    predictions: { partitions: 3 }
  outcomes:
    - name: viral
      count: { where: "event.type in ['repost', 'quote']", atLeast: 20 }
      within: 1h
  api: {}
`;

const windowYaml = (pipeline: string, name: string, body: string): string => `
apiVersion: groundswell.dev/v1alpha1
kind: FeatureWindow
metadata: { name: ${name} }
spec:
  pipelineRef: { name: ${pipeline} }
  state: { saveEvery: 1s }
  watermark: { maxOutOfOrderness: 5s, allowedLateness: 1m }
${body}`;

/** By the topic's key, by another one, and without one; each keeps all of its results. */
const windowsYaml = (pipeline: string): readonly string[] => [
  windowYaml(
    pipeline,
    'reposts',
    `  input: { topic: events, where: "event.type in ['repost', 'quote']" }
  key: [post_id]
  window: { hop: { size: 30m, every: 1m } }
  aggregations:
    - { name: reposts, count: {} }
    - { name: reach, avg: { field: event.user.followers } }
  sinks:
    - redis: { hash: { key: "${pipeline}:post:{post_id}" } }
    - redis: { series: { key: "${pipeline}:reposts:{post_id}", keep: 1000 } }
`,
  ),
  windowYaml(
    pipeline,
    'authors',
    `  input: { topic: events }
  key: [author_id]
  window: { tumble: { size: 30m } }
  aggregations:
    - { name: posts, count: {}, where: "event.type == 'post'" }
    - { name: people, distinct: { field: event.user_id } }
  sinks:
    - redis: { series: { key: "${pipeline}:authors:{author_id}", keep: 1000 } }
`,
  ),
  windowYaml(
    pipeline,
    'engagement',
    `  input: { topic: events }
  key: []
  window: { tumble: { size: 10m } }
  aggregations:
    - { name: events, count: {} }
    - { name: heat, weightedSum: { by: event.type, weights: { like: 1, repost: 2, quote: 3 } } }
  sinks:
    - redis: { series: { key: "${pipeline}:engagement", keep: 1000 } }
`,
  ),
];

const modelYaml = async (pipeline: string): Promise<string> => `
apiVersion: groundswell.dev/v1alpha1
kind: ScoringModel
metadata: { name: virality }
spec:
  pipelineRef: { name: ${pipeline} }
  entity: { where: "event.type == 'post'" }
  score:
    at: [0s, 5m, 30m]
    onChange: { throttle: 1m, until: 30m }
  features:
    - { name: minutes, expression: age / 60000.0 }
    - { name: followers, event: event.user.followers, default: 0 }
    - { name: reposts, window: { ref: { name: reposts }, field: reposts }, default: 0 }
  variants:
${await variantYaml('champion', 'classifier', 60)}
${await variantYaml('challenger', 'challenger', 40)}
  outcomeRef: { name: viral }
`;

/** What one run of the path is of. */
export interface Path {
  readonly pipeline: string;
  /** Where its files lie. */
  readonly folder: string;
  /** That the source gives: some twice, and one row more that is none. */
  readonly events: readonly SocialEvent[];
  readonly programs: readonly Program[];
}

/** @param speed  'paced' is about 300 events a second */
export const createPath = async (pipeline: string, speed: 'max' | 'paced'): Promise<Path> => {
  const folder = await mkdtemp(join(tmpdir(), 'groundswell-path-'));
  const wanted = {
    ...{ source: 'generated', seed: 3, startAt: Date.UTC(2026, 0, 1, 12), postsPerHour: 200, durationMs: duration },
    ...{ authors: 400, maxOutOfOrdernessMs: 5_000, lateShare: 0.01, duplicateShare: 0.02, deleteShare: 0.02 },
  };
  const events = [...generateEvents(wanted)].filter(({ type }) => type !== 'follow');
  const rows = [...events, { ...events[0], id: 'bad', type: 'shout' }];
  const file = join(folder, 'events.jsonl');
  await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const paced = String(Math.round((pace * duration) / 1_000 / events.length));
  const texts = [
    pipelineYaml(pipeline, file, speed === 'max' ? 'Max' : paced),
    ...windowsYaml(pipeline),
    await modelYaml(pipeline),
  ];
  await writeFile(join(folder, 'resources.yaml'), texts.join('---'));
  const { programs } = await loadPrograms([join(folder, 'resources.yaml')], 'cluster');
  return { pipeline, folder, events, programs };
};
