import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadPrograms } from '@groundswell/local';
import type { Clock } from '@groundswell/process';
import { topicsOf } from '@groundswell/wire';
import { onTestFinished } from 'vitest';
import { runEmbedded } from '../run-embedded.ts';
import { createClient } from './client.ts';

const pipelineYaml = `apiVersion: groundswell.dev/v1alpha1
kind: ViralityPipeline
metadata: { name: small }
spec:
  sources: [{ name: demo, generator: { seed: 1, rate: 1, duration: 1h } }]
  api: {}
`;

const feedYaml = (fields = ''): string => `apiVersion: groundswell.dev/v1alpha1
kind: Feed
metadata: { name: home }
spec:
  pipelineRef: { name: small }
${fields}
`;

interface Options {
  /** Further resources. */
  readonly more?: string;
  readonly clock?: Clock;
  /** Texts of files beside the resources. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A Feed that runs in this process, and its API. */
export const startEmbedded = async (fields = '', { more = '', clock, files = {} }: Options = {}) => {
  const folder = mkdtempSync(join(tmpdir(), 'groundswell-test-'));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const [path, text] of Object.entries(files)) write(path, text);
  const programsOf = async (changed: string) => {
    writeFileSync(join(folder, 'all.yaml'), `${pipelineYaml}---\n${feedYaml(changed)}${more}`);
    return (await loadPrograms([folder], 'local')).programs;
  };
  const { pipeline, stop } = await runEmbedded(await programsOf(fields), { directory: folder, clock });
  onTestFinished(async () => {
    await stop();
    rmSync(folder, { recursive: true });
  });
  return {
    client: createClient(pipeline.url() ?? ''),
    keyValue: pipeline.stores.keyValue,
    write,
    /** Of accounts, as the window of accounts writes them: first the hash, then the record that says so. */
    count: async (all: Readonly<Record<string, Readonly<Record<string, string>>>>) => {
      const { keyValue, log } = pipeline.stores;
      const batch = keyValue.batch();
      for (const [author, values] of Object.entries(all)) {
        batch.delete(`author-72h:${author}`);
        batch.hashSet(`author-72h:${author}`, values);
      }
      await batch.run();
      const topic = topicsOf('small').results('author-72h');
      if (!fields.includes('materialize')) return;
      const producer = await log.producer();
      await producer.send(
        topic,
        Object.keys(all).map((key) => ({ key, value: null })),
      );
      await producer.close();
    },
    /** Answers what was done about it. */
    change: async (changed: string) => pipeline.runner.update(await programsOf(changed)),
  };
};
