import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { play } from '../path/play.ts';
import {
  dataFolder,
  phasesOf,
  published,
  removeTemporary,
  root,
  type TrainingWanted,
  temporary,
  trainingYaml,
  variantsYaml,
} from './hours.ts';

afterAll(removeTemporary);

interface Wanted extends TrainingWanted {
  readonly champion: 'model' | 'baseline';
  /** Rules of the rollout, as lines. */
  readonly rollout: string;
}

/** An example whose champion is its own challenger, until the training proposes another one. */
const resourcesOf = (example: string, { champion, rollout, ...training }: Wanted): string => {
  const folder = temporary();
  cpSync(join(root, 'examples', example), folder, { recursive: true });
  const path = join(folder, 'model.yaml');
  const text = readFileSync(path, 'utf8');
  // It may be a link to that of another example.
  rmSync(path);
  const digest = { model: '75a3a2688d007c98', baseline: '1ab4172da39e095b' }[champion];
  const artifact = [...text.matchAll(/artifact: (\{.*\})/g)]
    .map(([, found]) => found)
    .find((found) => found?.includes(digest));
  const model = text
    .slice(0, text.indexOf('  training:'))
    .replace(/ {2}# Made by `make model`[\s\S]*? {2}routing:/, `${variantsYaml(artifact ?? '', rollout)}  routing:`)
    .replace(/\n {4}onChange:.*/, '')
    .replace(/at: \[0s.*\]/, 'at: [0s, 10m]');
  writeFileSync(path, model + trainingYaml(training));
  const pipeline = join(folder, 'pipeline.yaml');
  writeFileSync(pipeline, readFileSync(pipeline, 'utf8').replace('duration: 4d', 'duration: 3d'));
  return folder;
};

const cascades = dataFolder('twitter-url-cascades');

describe('an hour of training, on a replayed clock', () => {
  test('makes a model of matured labels, tries it as a shadow and with a share, and promotes it', async () => {
    const trainingDirectory = temporary();
    const folder = resourcesOf('virality', {
      champion: 'baseline',
      schedule: '0 */12 * * *',
      algorithm: '{ type: XGBoost, params: { trees: 150 } }',
      rollout: '    evidence: { ages: [10m], minLabels: 500 }',
      gates: '    gates: [{ metric: Auc, min: 0.78 }, { metric: ParityError, max: 0.0001 }]',
    });
    const played = await play(folder, { trainingDirectory });
    expect(phasesOf(played)).toContain('Promoted');
    expect(published(trainingDirectory).length).toBeGreaterThan(0);
    const promoted = played.decisions.find(({ phase }) => phase === 'Promoted');
    expect(promoted).toMatchObject({ verdict: { state: 'Better' }, challenger: { share: 100 } });
    const card = JSON.parse(readFileSync(join(published(trainingDirectory)[0] ?? '', 'card.json'), 'utf8'));
    expect(card).toMatchObject({ result: 'Published', versus: { positives: expect.any(Number) } });
    expect(card.versus.Auc).toBeGreaterThan(card.versus.championAuc);
  });

  test('does not promote a degraded model, whatever its gates let through', async () => {
    const trainingDirectory = temporary();
    const folder = resourcesOf('virality', {
      champion: 'model',
      schedule: '0 */12 * * *',
      algorithm: '{ type: XGBoost, params: { trees: 1, depth: 1, earlyStopping: 0 } }',
      rollout: '    evidence: { ages: [10m], minLabels: 500 }',
      gates: '    gates: []\n    betterThanChampion: false',
    });
    const played = await play(folder, { trainingDirectory });
    expect(phasesOf(played)).not.toContain('Promoted');
    expect(phasesOf(played)).toContain('Aborted');
    expect(played.answers.get('challenger') ?? 0).toBeLessThan((played.answers.get('champion') ?? 0) / 4);
  });

  test.skipIf(!existsSync(cascades))(
    'on a week of real cascades publishes what passes, and promotes nothing that its labels do not decide (skipped where ../shared/data is absent)',
    async () => {
      const trainingDirectory = temporary();
      const folder = resourcesOf('twitter-url-cascades', {
        champion: 'baseline',
        schedule: '0 */6 * * *',
        algorithm:
          '{ type: XGBoost, params: { trees: 150, depth: 4, learningRate: 0.05, minChildWeight: 20, earlyStopping: 0 } }',
        rollout: '    evidence: { ages: [10m], minLabels: 300 }',
        gates: '    gates: [{ metric: Auc, min: 0.7 }]',
      });
      const played = await play(folder, {
        trainingDirectory,
        dataDirectories: [cascades],
      });
      const [first] = published(trainingDirectory);
      // Models of the first days do not pass: 0.5 to 0.69.
      expect(first).toMatch(/\/20100925T000000Z-/);
      expect(phasesOf(played)).not.toContain('Promoted');
      expect(played.decisions.at(-1)).toMatchObject({ phase: 'Waiting', verdict: { state: 'Inconclusive' } });
    },
  );
});
