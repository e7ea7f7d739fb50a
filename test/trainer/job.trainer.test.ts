import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readArtifact, readCardOf } from '@groundswell/artifacts';
import type { TrainerProgram } from '@groundswell/graph';
import { systemClock } from '@groundswell/process';
import { createMemoryKeyValue, createMemoryLog, type KeyValue, type Log } from '@groundswell/stores';
import { collect, publish } from '@groundswell/trainer/job';
import { keysOf, type RolloutStatus, type TrainingState } from '@groundswell/wire';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { s3Program, startS3 } from '../servers/s3.ts';
import { first, program, send } from './hits.ts';

// A run in a cluster as its pod does it: rows to disk, Python, what passed to the claim.

let [folder, mounts] = ['', ''];
let log: Log;
let keyValue: KeyValue;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'groundswell-test-'));
  mounts = join(folder, 'mounts');
  log = createMemoryLog({ clock: systemClock });
  keyValue = createMemoryKeyValue({ clock: systemClock });
  const topics = [program.predictions.name, program.outcomes.name];
  await log.createTopics(topics.map((name) => ({ name, partitions: 3 })));
});
afterEach(() => rmSync(folder, { recursive: true }));

const trainer = join(import.meta.dirname, '..', '..', 'runtimes', 'trainer', 'run');
const run = async (state: TrainingState | undefined, now: number, change: Partial<TrainerProgram> = {}) => {
  const changed = { ...program, ...change };
  await collect(changed, { log, state, folder, mounts });
  execFileSync(trainer, ['-m', 'groundswell_trainer', `@${join(folder, 'arguments')}`], { stdio: 'ignore' });
  return publish(changed, { keyValue, state, folder, mounts, now });
};
const rolloutSays = async (status: Pick<RolloutStatus, 'phase'> & { readonly of: string }): Promise<void> => {
  const side = (name: string, sha256: string) => ({
    ...{ name, sha256, share: 0, labels: 0, positives: 0, auc: null, aucLow: null, aucHigh: null },
    ...{ logLoss: null, calibrationError: null, liftAt10: null, p99Ms: null },
  });
  const verdict = { state: 'Better', reason: '', metric: 'Auc', difference: null, low: null, high: null };
  const text: RolloutStatus = {
    ...{ model: 'hits', at: 0, phase: status.phase, step: 0, steps: 1, since: 0, doing: '' },
    verdict: { ...verdict, evidence: 1, labels: 0, labelsNeeded: null, expectedAt: null } as RolloutStatus['verdict'],
    ...{ champion: side('champion', first.sha256), challenger: side('challenger', status.of) },
    ...{ waiting: 0, missing: 0, corrected: 0 },
  };
  const batch = keyValue.batch();
  batch.hashSet(keysOf('news').rollout('hits'), { status: JSON.stringify(text) });
  await batch.run();
};

test('a run publishes what passed to the claim, and proposes it where nothing else is judged', async () => {
  await send(log, 400);
  const hour = 3_600_000;
  const one = await run(undefined, hour);
  expect(one.run).toMatchObject({ at: hour, result: 'Published', rows: 400, positives: 80 });
  const made = one.run.artifact;
  expect(made?.uri).toBe(`pvc://made/all/hits/19700101T010000Z-${made?.sha256.slice(0, 8)}/model.onnx`);
  const published = join(mounts, 'claims', 'made', 'all', 'hits');
  const [at = ''] = readdirSync(published);
  expect(readdirSync(join(published, at)).sort()).toEqual(['card.json', 'model.onnx']);
  expect(one).toMatchObject({ proposed: { challenger: made } });
  expect(one.candidate).toBeUndefined();

  await rolloutSays({ phase: 'Running', of: made?.sha256 ?? '' });
  const two = await run(one, 2 * hour, { seed: 2, algorithm: { type: 'XGBoost', params: { trees: 5 } } });
  expect(two.proposed).toEqual(one.proposed);
  expect(two.candidate).toEqual(two.run.artifact);
  expect(two.candidate?.explainer?.uri).toMatch(/^pvc:\/\/made\/all\/hits\//);

  await rolloutSays({ phase: 'Promoted', of: made?.sha256 ?? '' });
  const three = await run(two, 3 * hour, { gates: [{ metric: 'Auc', min: 2 }] });
  expect(three.run).toMatchObject({ result: 'Refused', message: expect.stringContaining('Auc') });
  expect(three.run.artifact).toBeUndefined();
  expect(three.proposed).toEqual({ champion: made, challenger: two.candidate });
});

test('a run asks the champion in force, where the claim has it', async () => {
  await send(log, 100);
  const bytes = Buffer.from('a model');
  const at = join(mounts, 'claims/made/all/hits/x');
  mkdirSync(at, { recursive: true });
  writeFileSync(join(at, 'model.onnx'), bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const card = { ...{ result: 'Published', message: '', rows: 9, positives: 3, postedTo: 17 } };
  const holdout = { Auc: 0.9 };
  writeFileSync(join(at, 'card.json'), JSON.stringify({ ...card, candidate: { file: 'model.onnx', sha256, holdout } }));
  const proposed = { champion: { uri: 'pvc://made/all/hits/x/model.onnx', sha256 } };
  const known = { run: { at: 0, result: 'Refused' as const, message: '', rows: 0, positives: 0, auc: null }, proposed };
  await collect({ ...program, betterThanChampion: true }, { log, state: known, folder, mounts });
  const args = readFileSync(join(folder, 'arguments'), 'utf8').split('\n');
  expect(readFileSync(args[args.indexOf('--champion') + 1] ?? '')).toEqual(bytes);
  expect(args[args.indexOf('--champion-trained-to') + 1]).toBe('17');
});

const s3 = s3Program();
test.skipIf(s3 === undefined)(
  'a run publishes to a bucket, where scorers and the next run find it; the oldest go (skipped where there is no Go)',
  async () => {
    const keys = { accessKey: 'ann', secretKey: 'very/secret+', region: 'eu-central-1' };
    const server = await startS3(s3 ?? '', folder, { bucket: 'models', keys });
    try {
      await send(log, 400);
      mkdirSync(join(mounts, 'secrets', 'store'), { recursive: true });
      for (const [name, value] of Object.entries(keys)) writeFileSync(join(mounts, 'secrets', 'store', name), value);
      const at = { secret: 'store', endpoint: server.endpoint, region: keys.region };
      const publish = { folder: 'made here/all', keep: 1, s3: { bucket: 'models', ...at } };
      const change = { publish: { ...publish, proposeAs: { name: 'challenger', artifact: first } } };
      const hour = 3_600_000;
      const trees = { algorithm: { type: 'XGBoost' as const, params: { trees: 5 } } };
      const one = await run(undefined, hour, { ...change, ...trees });
      const made = one.proposed['challenger'];
      const name = `19700101T010000Z-${made?.sha256.slice(0, 8)}`;
      expect(made).toMatchObject({ uri: `s3://models/made here/all/hits/${name}/model.onnx`, ...at });
      if (made === undefined) return;
      const access = { directory: folder, mounts };
      // Digests of model and native model are checked.
      expect((await readArtifact(made, access)).explainer).toBeDefined();
      expect(await readCardOf(made, access)).toMatchObject({ rows: 400 });

      // What was promoted is compared with, from the bucket; a second run of the same hour leaves one of the two.
      const promoted = { ...one, proposed: { champion: made } };
      const two = await run(promoted, 2 * hour, { ...change, betterThanChampion: true });
      expect(two.run).toMatchObject({ result: 'Refused', message: expect.stringContaining('champion') });
      const three = await run({ ...one, proposed: {} }, 3 * hour, { ...change, seed: 3 });
      expect(three.run.result).toBe('Published');
      await expect(readArtifact(made, access)).rejects.toThrow('is answered with 404');
      writeFileSync(join(mounts, 'secrets', 'store', 'secretKey'), 'another');
      await expect(run(one, 4 * hour, { ...change, seed: 4 })).rejects.toThrow('is answered with 403');
    } finally {
      await server.stop();
    }
  },
);
