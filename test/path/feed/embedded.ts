import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadPrograms, run, startPipeline, throwIfStalled } from '@groundswell/local';
import { type Clock, createLogger, systemClock } from '@groundswell/process';
import { onTestFinished } from 'vitest';
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
  { more = '', clock = systemClock }: { readonly more?: string; readonly clock?: Clock } = {},
) => {
  const folder = mkdtempSync(join(tmpdir(), 'groundswell-test-'));
  const programsOf = async (changed: string) => {
    writeFileSync(join(folder, 'all.yaml'), `${pipelineYaml}---\n${feedYaml(changed)}${more}`);
    return (await loadPrograms([folder], 'local')).programs;
  };
  const pipeline = await startPipeline({
    programs: await programsOf(fields),
    directory: folder,
    dataDirectories: [],
    http: { host: '127.0.0.1', port: 0 },
    clock,
    logger: createLogger('test', 'silent'),
  });
  const stopping = new AbortController();
  const ended = run(pipeline.runner, {
    clock: systemClock,
    signal: stopping.signal,
    saveEveryMs: 50,
    observe: { everyMs: 10, call: () => throwIfStalled(pipeline.runner.units()) },
  });
  onTestFinished(async () => {
    stopping.abort();
    await ended;
    await pipeline.close();
    rmSync(folder, { recursive: true });
  });
  return {
    client: createClient(pipeline.url() ?? ''),
    keyValue: pipeline.stores.keyValue,
    /** Answers what was done about it. */
    change: async (changed: string) => pipeline.runner.update(await programsOf(changed)),
  };
};
