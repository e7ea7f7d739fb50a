import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadPrograms, run, startPipeline, throwIfStalled } from '@groundswell/local';
import { createLogger, systemClock } from '@groundswell/process';
import { keysOf, type Prediction, RolloutStatus } from '@groundswell/wire';
import { expect, test } from 'vitest';

const example = join(import.meta.dirname, '..', '..', 'examples', 'virality');

const artifacts = {
  model: '{ uri: ./model.onnx, sha256: "75a3a2688d007c981bebbe145fb0571d0a5d5e89f00841e92836cd45ae199651" }',
  baseline: '{ uri: ./baseline.onnx, sha256: "1ab4172da39e095bb36daca4f00aeff261a0bd6884ee1012bbe818514be9955c" }',
};

/** The example, with a rollout of one artifact against the other. */
const resourcesWith = (champion: keyof typeof artifacts, challenger: keyof typeof artifacts): string => {
  const folder = mkdtempSync(join(tmpdir(), 'groundswell-test-'));
  cpSync(example, folder, { recursive: true });
  const model = join(folder, 'model.yaml');
  const text = readFileSync(model, 'utf8');
  const [before, after] = [text.indexOf('  # Made by `make model`'), text.indexOf('  routing:')];
  const variants = `  variants:
    - { name: champion, share: 90, artifact: ${artifacts[champion]} }
    - { name: challenger, share: 10, artifact: ${artifacts[challenger]} }
  rollout:
    champion: champion
    challenger: challenger
    autoPromote: true
    evidence: { ages: [10m], minLabels: 500 }
    guardrails: { maxScorePsi: 100, maxCalibrationError: 1 } # another kind of model may score otherwise
    steps: [{ shadow: { for: 1h } }, { gate: { verdict: Healthy } }, { share: 20 }, { gate: { verdict: Better } }]
`;
  const changed = `${text.slice(0, before)}${variants}${text.slice(after)}`;
  writeFileSync(model, changed.replace(/\n {4}onChange:.*/, '').replace(/at: \[0s.*\]/, 'at: [0s, 10m]'));
  const pipeline = join(folder, 'pipeline.yaml');
  writeFileSync(pipeline, readFileSync(pipeline, 'utf8').replace('duration: 4d', 'duration: 2d'));
  return folder;
};

/** Runs the demo's days as fast as possible; answers where the rollout ended, and who answered what after its steps. */
const play = async (folder: string) => {
  const { programs } = await loadPrograms([folder], 'local');
  const pipeline = await startPipeline({
    programs: programs
      .filter(({ kind }) => kind !== 'api')
      .map((program) =>
        program.kind === 'ingest' && program.source.reader.kind === 'generator'
          ? { ...program, source: { ...program.source, reader: { ...program.source.reader, speed: 'max' as const } } }
          : program,
      ),
    directory: folder,
    dataDirectories: [],
    clock: systemClock,
    logger: createLogger('test', 'silent'),
  });
  const consumer = await pipeline.stores.log.consumer({ topics: ['virality.predictions'], from: 'earliest' });
  const answers = new Map<string, number>();
  const observe = async (): Promise<void> => {
    for (const { records } of await consumer.poll({ maxRecords: 1_000_000, maxWaitMs: 0 }))
      for (const { value } of records) {
        const { variant, shadow } = JSON.parse(Buffer.from(value ?? []).toString()) as Prediction;
        const name = shadow ? `${variant} as shadow` : variant;
        answers.set(name, (answers.get(name) ?? 0) + 1);
      }
  };
  await run(pipeline.runner, {
    clock: systemClock,
    signal: AbortSignal.timeout(240_000),
    saveEveryMs: 60_000,
    observe: { everyMs: 500, call: observe },
    until: () => pipeline.isDone(),
  });
  await observe();
  throwIfStalled(pipeline.runner.units());
  const batch = pipeline.stores.keyValue.batch();
  const found = batch.hashGet(keysOf('virality').rollout('virality'), ['status']);
  await batch.run();
  await pipeline.close();
  rmSync(folder, { recursive: true });
  return { answers, status: RolloutStatus.parse(JSON.parse(found.value()[0] ?? '')) };
};

test('a better model is promoted by its labels, while everything is answered', { timeout: 300_000 }, async () => {
  const { answers, status } = await play(resourcesWith('baseline', 'model'));
  expect(status).toMatchObject({
    phase: 'Promoted',
    verdict: { state: 'Better', metric: 'Auc' },
    challenger: { share: 100 },
  });
  expect(status.challenger.auc).toBeGreaterThan(status.champion.auc ?? 1);
  const [champion, challenger] = [answers.get('champion') ?? 0, answers.get('challenger') ?? 0];
  expect(challenger).toBeGreaterThan(champion * 0.2);
  // While they were compared, each scored what the other answered.
  expect(answers.get('challenger as shadow')).toBe(champion);
});

test('a degraded model is not promoted', { timeout: 300_000 }, async () => {
  const { answers, status } = await play(resourcesWith('model', 'baseline'));
  expect(status).toMatchObject({ phase: 'Aborted', verdict: { state: 'Worse' }, challenger: { share: 0 } });
  expect(answers.get('challenger') ?? 0).toBeLessThan((answers.get('champion') ?? 0) / 4);
});
