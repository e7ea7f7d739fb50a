import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type Played, play } from '../path/play.ts';

const root = join(import.meta.dirname, '..', '..');
const data = join(root, '..', 'shared', 'data');
const folders: string[] = [];
const temporary = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'groundswell-test-'));
  folders.push(folder);
  return folder;
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

interface Wanted {
  readonly champion: 'model' | 'baseline';
  readonly schedule: string;
  readonly algorithm: string;
  /** Steps and rules of the rollout. */
  readonly rollout: string;
  /** Gates of the training. */
  readonly gates: string;
}

/** An example whose champion is its own challenger, until the training proposes another one. */
const resourcesOf = (example: string, { champion, schedule, algorithm, rollout, gates }: Wanted): string => {
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
    .replace(/ {2}# Made by `make model`[\s\S]*? {2}routing:/, `${variantsOf(artifact ?? '', rollout)}  routing:`)
    .replace(/\n {4}onChange:.*/, '')
    .replace(/at: \[0s.*\]/, 'at: [0s, 10m]');
  const training = `  training:
    schedule: "${schedule}"
    algorithm: ${algorithm}
    publish: { volume: { claimName: models }, proposeAs: challenger }
${gates}
`;
  writeFileSync(path, model + training);
  const pipeline = join(folder, 'pipeline.yaml');
  writeFileSync(pipeline, readFileSync(pipeline, 'utf8').replace('duration: 4d', 'duration: 3d'));
  return folder;
};

const variantsOf = (artifact: string, rollout: string): string => `  variants:
    - { name: champion, share: 90, artifact: ${artifact} }
    - { name: challenger, share: 10, artifact: ${artifact} }
  rollout:
    champion: champion
    challenger: challenger
    autoPromote: true
    guardrails: { maxScorePsi: 100, maxCalibrationError: 1 } # another kind of model may score otherwise
${rollout}
`;

const published = (trainingDirectory: string): readonly string[] => {
  const folder = join(trainingDirectory, 'models', 'virality');
  return existsSync(folder) ? readdirSync(folder).sort() : [];
};

/** The phases that the first challenger which training made went through. */
const phasesOf = ({ decisions }: Played): readonly string[] => {
  const [first] = decisions;
  const made = decisions.filter(({ challenger }) => challenger.sha256 !== first?.champion.sha256);
  const phases = made
    .filter(({ challenger }) => challenger.sha256 === made[0]?.challenger.sha256)
    .map(({ phase }) => phase);
  return phases.filter((phase, i) => phase !== phases[i - 1]);
};

const steps =
  '    steps: [{ shadow: { for: 1h } }, { gate: { verdict: Healthy } }, { share: 20 }, { gate: { verdict: Better } }]';

describe('an hour of training, on a replayed clock', () => {
  test('makes a model of matured labels, tries it as a shadow and with a share, and promotes it', async () => {
    const trainingDirectory = temporary();
    const folder = resourcesOf('virality', {
      champion: 'baseline',
      schedule: '0 */12 * * *',
      algorithm: '{ type: XGBoost, params: { trees: 150 } }',
      rollout: `    evidence: { ages: [10m], minLabels: 500 }\n${steps}`,
      gates: '    gates: [{ metric: Auc, min: 0.78 }, { metric: ParityError, max: 0.0001 }]',
    });
    const played = await play(folder, { trainingDirectory });
    expect(phasesOf(played)).toContain('Promoted');
    expect(published(trainingDirectory).length).toBeGreaterThan(0);
    const promoted = played.decisions.find(({ phase }) => phase === 'Promoted');
    expect(promoted).toMatchObject({ verdict: { state: 'Better' }, challenger: { share: 100 } });
    const card = JSON.parse(
      readFileSync(
        join(trainingDirectory, 'models', 'virality', published(trainingDirectory)[0] ?? '', 'card.json'),
        'utf8',
      ),
    );
    expect(card).toMatchObject({ result: 'Published', versus: { positives: expect.any(Number) } });
    expect(card.versus.Auc).toBeGreaterThan(card.versus.championAuc);
  });

  test('does not promote a degraded model, whatever its gates let through', async () => {
    const trainingDirectory = temporary();
    const folder = resourcesOf('virality', {
      champion: 'model',
      schedule: '0 */12 * * *',
      algorithm: '{ type: XGBoost, params: { trees: 1, depth: 1, earlyStopping: 0 } }',
      rollout: `    evidence: { ages: [10m], minLabels: 500 }\n${steps}`,
      gates: '    gates: []\n    betterThanChampion: false',
    });
    const played = await play(folder, { trainingDirectory });
    expect(phasesOf(played)).not.toContain('Promoted');
    expect(phasesOf(played)).toContain('Aborted');
    expect(played.answers.get('challenger') ?? 0).toBeLessThan((played.answers.get('champion') ?? 0) / 4);
  });

  test.skipIf(!existsSync(data))(
    'on a week of real cascades publishes what passes, and promotes nothing that its labels do not decide (skipped where ../shared/data is absent)',
    async () => {
      const trainingDirectory = temporary();
      const folder = resourcesOf('twitter-url-cascades', {
        champion: 'baseline',
        schedule: '0 */6 * * *',
        algorithm:
          '{ type: XGBoost, params: { trees: 150, depth: 4, learningRate: 0.05, minChildWeight: 20, earlyStopping: 0 } }',
        rollout: `    evidence: { ages: [10m], minLabels: 300 }\n${steps}`,
        gates: '    gates: [{ metric: Auc, min: 0.7 }]',
      });
      const played = await play(folder, {
        trainingDirectory,
        dataDirectories: [join(data, 'twitter-url-cascades')],
      });
      const [first] = published(trainingDirectory);
      // Models of the first days do not pass: 0.5 to 0.69.
      expect(first).toMatch(/^20100925T000000Z-/);
      expect(phasesOf(played)).not.toContain('Promoted');
      expect(played.decisions.at(-1)).toMatchObject({ phase: 'Waiting', verdict: { state: 'Inconclusive' } });
    },
  );
});
