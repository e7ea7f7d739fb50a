import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadPrograms } from '@groundswell/local';
import type { Clock } from '@groundswell/process';
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

/** A Feed that runs in this process, and its API. */
export const startEmbedded = async (
  fields = '',
  { more = '', clock }: { readonly more?: string; readonly clock?: Clock } = {},
) => {
  const folder = mkdtempSync(join(tmpdir(), 'groundswell-test-'));
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
    /** Answers what was done about it. */
    change: async (changed: string) => pipeline.runner.update(await programsOf(changed)),
  };
};
