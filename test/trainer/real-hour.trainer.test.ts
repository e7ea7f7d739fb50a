import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../cli/run-cli.ts';
import { play } from '../path/play.ts';
import {
  dataFolder,
  decisionsOnFirst,
  phasesOf,
  published,
  removeTemporary,
  root,
  type TrainingWanted,
  temporary,
  trainingYaml,
  variantsYaml,
} from './hours.ts';

const example = join(root, 'examples', 'stock-tweets');
const tweets = dataFolder('tweets');
const file = 'stocknet_originals_2014_2015.csv.gz';

/** What was known on that day made the first models; what came then is theirs to judge. */
const known = '2014-06-01';

/** Of six years there are some: the time of a test goes to Python. */
const yearly = '0 0 1 7 *';

interface FirstModels {
  readonly folder: string;
  /** Trees over all features, and a regression over followers alone. */
  readonly sha256: { readonly model: string; readonly baseline: string };
}

const firstModels = async (): Promise<FirstModels> => {
  const [data, folder] = [temporary(), temporary()];
  const [head, ...rows] = gunzipSync(readFileSync(join(tweets, file)))
    .toString()
    .split('\n');
  const early = rows.filter((row) => (row.split(',')[2] ?? '9') < known);
  writeFileSync(join(data, file), gzipSync([head, ...early, ''].join('\n')));
  const { code, stderr } = await runCli('train', '-f', example, '--data', data, '--out', folder);
  expect(code, stderr).toBe(0);
  const card = JSON.parse(await readFile(join(folder, 'card.json'), 'utf8'));
  return { folder, sha256: { model: card.candidate.sha256, baseline: card.baseline.sha256 } };
};

interface Wanted extends TrainingWanted {
  readonly champion: 'model' | 'baseline';
}

const resourcesOf = (first: FirstModels, { champion, ...training }: Wanted): string => {
  const folder = temporary();
  cpSync(example, folder, { recursive: true });
  const path = join(folder, 'model.yaml');
  const text = readFileSync(path, 'utf8');
  const artifact = `{ uri: ${join(first.folder, `${champion}.onnx`)}, sha256: ${first.sha256[champion]} }`;
  const rules = '    evidence: { minLabels: 500 }';
  const before = text.slice(0, text.indexOf('  outcomeRef:'));
  writeFileSync(
    path,
    `${before}${variantsYaml(artifact, rules)}  outcomeRef: { name: viral }\n${trainingYaml(training)}`,
  );
  return folder;
};

describe.skipIf(!existsSync(tweets))('on real tweets (skipped where ../shared/data is absent)', () => {
  let first: FirstModels;
  beforeAll(async () => {
    first = await firstModels();
  });
  afterAll(removeTemporary);

  test('a model is made of labels that matured, tried as a shadow and with a share, and promoted by those that follow', async () => {
    const trainingDirectory = temporary();
    const folder = resourcesOf(first, {
      champion: 'baseline',
      schedule: yearly,
      algorithm:
        '{ type: XGBoost, params: { trees: 200, depth: 5, learningRate: 0.02, subsample: 0.8, columnSample: 0.4, earlyStopping: 0 } }',
      gates: '    gates: [{ metric: Auc, min: 0.78 }, { metric: ParityError, max: 0.0001 }]',
    });
    const played = await play(folder, { trainingDirectory, dataDirectories: [tweets] });
    const decisions = decisionsOnFirst(played);
    const [made] = published(trainingDirectory);
    const card = JSON.parse(readFileSync(join(made ?? '', 'card.json'), 'utf8'));
    expect(card).toMatchObject({ result: 'Published', candidate: { sha256: decisions[0]?.challenger.sha256 } });
    expect(card.versus.Auc).toBeGreaterThan(card.versus.championAuc);
    expect(decisions[0]).toMatchObject({
      step: 0,
      challenger: { share: 0 },
      verdict: { state: 'Collecting', labels: 0 },
    });
    expect(decisions[1]).toMatchObject({ step: 3, challenger: { share: 20 } });
    expect(decisions.at(-1)).toMatchObject({
      phase: 'Promoted',
      verdict: { state: 'Better' },
      challenger: { share: 100 },
    });
    expect(played.served['champion']).toMatchObject({
      sha256: card.candidate.sha256,
      training: { rows_sha256: card.rowsSha256, champion: { auc: card.versus.Auc }, summary: card.summary },
    });
    // The next one is held against it.
    expect(played.decisions.at(-1)?.champion.sha256).toBe(card.candidate.sha256);
  });

  test('a degraded model is aborted by the labels that follow, whatever its gates let through', async () => {
    const trainingDirectory = temporary();
    const folder = resourcesOf(first, {
      champion: 'model',
      schedule: yearly,
      algorithm: '{ type: XGBoost, params: { trees: 1, depth: 1, earlyStopping: 0 } }',
      gates: '    gates: []\n    betterThanChampion: false',
    });
    const played = await play(folder, { trainingDirectory, dataDirectories: [tweets] });
    expect(phasesOf(played)).toEqual(['Waiting', 'Aborted']);
    expect(decisionsOnFirst(played).at(-1)).toMatchObject({ verdict: { state: 'Worse' }, challenger: { share: 0 } });
    expect(played.decisions.map(({ phase }) => phase)).not.toContain('Promoted');
    expect(played.decisions.at(-1)?.champion.sha256).toBe(first.sha256.model);
    expect(played.answers.get('challenger') ?? 0).toBeLessThan((played.answers.get('champion') ?? 0) / 4);
  });
});
