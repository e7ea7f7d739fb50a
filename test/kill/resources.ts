import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WindowProgram } from '@groundswell/graph';
import { loadPrograms } from '@groundswell/local';
import { disorderMs, partitions } from './input.ts';

const yaml = (pipeline: string): string => `
apiVersion: groundswell.dev/v1alpha1
kind: ViralityPipeline
metadata: { name: ${pipeline} }
spec:
  sources: [{ name: unused, generator: {} }]
  topics: { events: { partitions: ${partitions} } }
---
apiVersion: groundswell.dev/v1alpha1
kind: FeatureWindow
metadata: { name: posts }
spec:
  pipelineRef: { name: ${pipeline} }
  state: { saveEvery: 1s }
  watermark: { maxOutOfOrderness: ${disorderMs}ms }
  input: { topic: events, where: "event.type != 'view'" }
  key: [post_id]
  window: { hop: { size: 5m, every: 1m } }
  emit: EveryWindow
  aggregations:
    - { name: events, count: {} }
    - { name: people, distinct: { field: event.user_id } }
    - { name: reach, avg: { field: event.user.followers } }
  sinks:
    - redis: { hash: { key: "${pipeline}:post:{post_id}" } }
    - redis: { series: { key: "${pipeline}:posts:{post_id}", keep: 1000 } }
---
apiVersion: groundswell.dev/v1alpha1
kind: FeatureWindow
metadata: { name: people }
spec:
  pipelineRef: { name: ${pipeline} }
  state: { saveEvery: 1s, store: Volume, volume: { size: 1Gi } }
  watermark: { maxOutOfOrderness: ${disorderMs}ms }
  input: { topic: events }
  key: [user_id]
  window: { tumble: { size: 1m } }
  aggregations:
    - { name: events, count: {} }
    - { name: newest, max: { field: event.at } }
  sinks:
    - redis: { series: { key: "${pipeline}:people:{user_id}", keep: 1000 } }
    - topic: { name: "${pipeline}.told" }
`;

/** A window by the key of the topic, and one by another key whose state lies on a volume, compiled from resources. */
export interface Resources {
  readonly folder: string;
  readonly posts: WindowProgram;
  readonly people: WindowProgram;
}

export const createResources = async (pipeline: string): Promise<Resources> => {
  const folder = await mkdtemp(join(tmpdir(), 'groundswell-kill-'));
  const file = join(folder, 'resources.yaml');
  await writeFile(file, yaml(pipeline));
  const { programs } = await loadPrograms([file], 'cluster');
  const windowOf = (name: string): WindowProgram => {
    const found = programs.find((program) => program.kind === 'window' && program.window === name);
    if (found?.kind !== 'window')
      throw new Error(`Cannot find the window "${name}": the resources give no such program`);
    return found;
  };
  return { folder, posts: windowOf('posts'), people: windowOf('people') };
};
