import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { play } from './play.ts';

const example = join(import.meta.dirname, '..', '..', 'examples', 'virality');

const artifacts = {
  model: '{ uri: ./model/model.onnx, sha256: "75a3a2688d007c981bebbe145fb0571d0a5d5e89f00841e92836cd45ae199651" }',
  baseline:
    '{ uri: ./model/baseline.onnx, sha256: "1ab4172da39e095bb36daca4f00aeff261a0bd6884ee1012bbe818514be9955c" }',
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

const playOnce = async (folder: string) => {
  const played = await play(folder);
  rmSync(folder, { recursive: true });
  return played;
};

test('a better model is promoted by its labels, while everything is answered', { timeout: 300_000 }, async () => {
  const { answers, status } = await playOnce(resourcesWith('baseline', 'model'));
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
  const { answers, status } = await playOnce(resourcesWith('model', 'baseline'));
  expect(status).toMatchObject({ phase: 'Aborted', verdict: { state: 'Worse' }, challenger: { share: 0 } });
  expect(answers.get('challenger') ?? 0).toBeLessThan((answers.get('champion') ?? 0) / 4);
});
