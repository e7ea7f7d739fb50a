import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { copyFile, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { classified, fixtures, variant } from '../../test/builders.ts';
import { trainingOf } from '../drift/card.ts';
import { loadModel } from './model.ts';

const missing = Float32Array.of(Number.NaN, Number.NaN, 0);
const options = {
  directory: fixtures,
  limits: { maxRows: 64, maxWaitMs: 2, maxQueue: 1000 },
  threads: 1,
  warmUpRuns: 2,
  onRun: () => undefined,
};
const load = (declared: Parameters<typeof loadModel>[0], width = 3) =>
  loadModel(declared, { ...options, width, missing: width === 3 ? missing : new Float32Array(width) });

const rows = Float32Array.of(0, 100, 0, 5, 100, 3, 10, 2000, 40);
const digestOf = (file: string): string =>
  createHash('sha256')
    .update(readFileSync(join(fixtures, file)))
    .digest('hex');
const wanted = [classified(0, 100, 0), classified(5, 100, 3), classified(10, 2000, 40)];

test('a classifier without ZipMap answers with the probability of the positive class', async () => {
  const model = await load(variant('champion', 'classifier'));
  const scores = await model.run(rows, 3);
  for (const [i, score] of scores.entries()) expect(score).toBeCloseTo(wanted[i] ?? Number.NaN, 6);
  expect(model.digest).toBe(variant('champion', 'classifier').artifact.sha256);
  await model.close();
});

test.each(['logistic-column', 'logistic-flat'])('%s answers with its one output', async (file) => {
  const model = await loadModel(variant('a', file), { ...options, width: 3, missing: new Float32Array(3) });
  expect((await model.run(rows, 3))[1]).toBeCloseTo(wanted[1] ?? Number.NaN, 6);
  await model.close();
});

test('an input view into a larger buffer is read from where it begins', async () => {
  const model = await load(variant('champion', 'classifier'));
  expect((await model.run(rows.subarray(3, 6), 1))[0]).toBeCloseTo(wanted[1] ?? Number.NaN, 6);
  await model.close();
});

test('an artifact may be a file: URL, wherever the resource lies, and its digest in capitals', async () => {
  const { artifact, ...rest } = variant('champion', 'classifier');
  const uri = pathToFileURL(join(fixtures, artifact.uri)).href;
  const declared = { ...rest, artifact: { uri, sha256: artifact.sha256.toUpperCase() } };
  const model = await loadModel(declared, { ...options, directory: '/nowhere', width: 3, missing });
  expect(model.digest).toBe(artifact.sha256);
  await model.close();
});

test('a model takes any number of columns when its file leaves them open', async () => {
  const model = await loadModel(variant('a', 'any-width'), {
    ...options,
    width: 3,
    missing: new Float32Array(3),
  });
  expect([...(await model.run(rows, 3))]).toEqual([0.5, 0.5, 0.5]);
  await model.close();
});

describe('a model is refused, saying what is so and what is needed', () => {
  test.each([
    {
      file: 'narrow',
      says: 'the model takes 2 features, the resource lists 3; train it on this list, or list what it was trained on',
    },
    { file: 'label-only', says: 'outputs are "label" INT64 [-1, 3]; a probability is needed' },
    { file: 'two-inputs', says: 'the model has 2 inputs, one is needed' },
    { file: 'integers', says: 'the model\'s input "input" is INT64, FP32 is needed' },
    { file: 'nan', says: 'the model does not answer with a probability in 0..1, one is needed' },
    { file: 'margin', says: 'the model does not answer with a probability in 0..1, one is needed' },
    { file: 'logistic-column', says: 'the model gives no probability where features are missing; give them a default' },
  ])('$file', async ({ file, says }) => {
    const refused = load(variant('champion', file));
    await expect(refused).rejects.toThrow('Cannot serve variant "champion": ');
    await expect(refused).rejects.toThrow(says);
  });

  test('with open columns that it then does not take', async () => {
    const refused = load(variant('champion', 'any-width'), 4);
    await expect(refused).rejects.toThrow(/the model does not run on 4 features \(.+\); train it on the features/);
  });

  test('with another digest than the resource says', async () => {
    const declared = variant('champion', 'classifier');
    const sha256 = '0'.repeat(64);
    await expect(load({ ...declared, artifact: { ...declared.artifact, sha256 } })).rejects.toThrow(
      `Cannot serve variant "champion": "classifier.onnx" has the sha256 ${declared.artifact.sha256}, the resource says ${sha256}; one of them must change`,
    );
  });

  test.each([
    { uri: 'gone.onnx', says: 'there is no file "gone.onnx", a readable file is needed' },
    { uri: '.', says: '"EISDIR" came up when reading ".", a readable file is needed' },
    { uri: 'ftp://bucket/m.onnx', says: '"ftp://bucket/m.onnx" is none of the forms, a path, file:, ' },
  ])('at $uri', async ({ uri, says }) => {
    const declared = variant('champion', 'classifier');
    await expect(load({ ...declared, artifact: { ...declared.artifact, uri } })).rejects.toThrow(says);
  });

  test('when it is no ONNX file', async () => {
    const declared = variant('champion', 'classifier', {
      artifact: { uri: 'make.py', sha256: digestOf('make.py') },
    });
    await expect(load(declared)).rejects.toThrow(/ONNX Runtime does not take the file \(.+\), an ONNX model is needed/);
  });
});

test('what training looked like is read from the card beside the file, where it is of this model', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'groundswell-card-'));
  await copyFile(join(fixtures, 'classifier.onnx'), join(folder, 'classifier.onnx'));
  const summary = { features: {}, score: { missing: 0, edges: [0.5], shares: [0.25, 0.75] } };
  const declared = variant('champion', 'classifier');
  const summaryWith = async (card: string) => {
    await writeFile(join(folder, 'card.json'), card);
    const model = await loadModel(declared, { ...options, directory: folder, width: 3, missing });
    await model.close();
    return model.summary;
  };
  const { sha256 } = declared.artifact;
  expect(await summaryWith(JSON.stringify({ candidate: { sha256 }, summary, more: 1 }))).toEqual(summary);
  expect(await summaryWith(JSON.stringify({ candidate: { sha256: 'of another' }, summary }))).toBeUndefined();
  expect(await summaryWith('{')).toBeUndefined();
});

test('all that a card says is there for people, where it is whole', async () => {
  const summary = { features: {}, score: { missing: 0, edges: [], shares: [1] } };
  const holdout = { rows: 4, positives: 2, Auc: 0.9, LiftAt1: null };
  const card = {
    algorithm: { type: 'XGBoost', params: { trees: 9 }, seed: 1 },
    ...{ rows: 20, posts: 10, positives: 4, postedFrom: 1, postedTo: 2, rowsSha256: 'cd' },
    gates: [{ metric: 'Auc', min: 0.78, value: 0.9, passed: true }],
    versus: { rows: 4, positives: 2 },
    candidate: { parity: 1e-7, importances: { reposts: 1 }, holdout },
    summary,
  };
  expect(trainingOf(card)).toMatchObject({
    ...{ posted_to: 2, rows_sha256: 'cd', parity_error: 1e-7, gates: card.gates, summary },
    held_out: { rows: 4, positives: 2, metrics: { Auc: 0.9, LiftAt1: null } },
    champion: { rows: 4, positives: 2, auc: null, champion_auc: null },
  });
  const { rowsSha256: _, ...older } = card;
  expect(trainingOf(older)).toBeUndefined();
});
