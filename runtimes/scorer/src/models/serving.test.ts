import { afterEach, expect, test } from 'vitest';
import { classified, fixtures, servingSpec, variant } from '../../test/builders.ts';
import { createServing, type Serving, type ServingProgram } from './serving.ts';

const rows = Float32Array.of(0, 100, 0, 5, 100, 3, 10, 200, 4);
const keys = ['a', 'b', 'c'];
const runs: { variant: string; rows: number }[] = [];
const failures: string[] = [];
let serving: Serving;

const start = async (variants: ServingProgram['variants'], maxRows = 64): Promise<Serving> => {
  runs.length = 0;
  serving = await createServing(
    { variants, routing: { key: 'post_id', salt: 's' }, batching: { maxRows, maxWaitMs: 2 }, serving: servingSpec },
    {
      directory: fixtures,
      width: 3,
      missing: new Float32Array(3),
      threads: 1,
      onRun: (run) => runs.push(run),
      onFailure: (variant) => failures.push(variant),
    },
  );
  return serving;
};
const program = (variants: ServingProgram['variants'], salt = 's'): ServingProgram => ({
  variants,
  routing: { key: 'post_id', salt },
  batching: { maxRows: 64, maxWaitMs: 2 },
  serving: servingSpec,
});
afterEach(() => serving.close());

const champion = variant('champion', 'classifier', { share: 60 });
const challenger = variant('challenger', 'challenger', { share: 40 });
const ghost = variant('ghost', 'constant', { share: 0, shadow: true });
const many = Array.from({ length: 200 }, (_, i) => `post-${i}`);
const manyRows = Float32Array.from({ length: 600 }, (_, i) => i % 7);

test('each row is scored by the variant of its key, and by every shadow', async () => {
  await start([champion, challenger, ghost]);
  const answers = await serving.score(manyRows, many);
  const of = (name: string) => answers.filter(([first]) => first?.variant === name).length;
  expect(of('champion') + of('challenger')).toBe(200);
  expect(of('champion')).toBeGreaterThan(90);
  expect(of('challenger')).toBeGreaterThan(50);
  for (const [i, [answer, shadow, ...others]] of answers.entries()) {
    const [minutes = 0, followers = 0, reposts = 0] = manyRows.subarray(3 * i, 3 * i + 3);
    if (answer?.variant === 'champion') expect(answer.score).toBeCloseTo(classified(minutes, followers, reposts), 6);
    expect(shadow).toMatchObject({ variant: 'ghost', shadow: true, score: 0.5, digest: ghost.artifact.sha256 });
    expect(others).toEqual([]);
  }
});

test('what is compared scores every row: what it does not answer, as a shadow', async () => {
  await start([
    { ...champion, compared: true },
    { ...challenger, compared: true },
  ]);
  const answers = await serving.score(manyRows, many);
  expect(new Set(answers.map(([first]) => first?.variant))).toEqual(new Set(['champion', 'challenger']));
  for (const [answer, other, ...more] of answers) {
    expect(answer?.shadow).toBe(false);
    expect(other?.shadow).toBe(true);
    expect(new Set([answer?.variant, other?.variant])).toEqual(new Set(['champion', 'challenger']));
    expect(more).toEqual([]);
  }
});

test('a run takes at most the rows of a batch, and each variant runs once where its rows fit', async () => {
  await start([champion], 2);
  const answers = await serving.score(rows, keys);
  expect(runs.map((run) => run.rows)).toEqual([2, 1]);
  expect(answers.map(([answer]) => answer?.score.toFixed(5))).toEqual(
    [classified(0, 100, 0), classified(5, 100, 3), classified(10, 200, 4)].map((score) => score.toFixed(5)),
  );
  await serving.update(program([champion, challenger]));
  runs.length = 0;
  await serving.score(manyRows.subarray(0, 60), many.slice(0, 20));
  expect(runs.map((run) => run.variant)).toEqual(['champion', 'challenger']);
});

test('a variant that cannot serve takes no keys and says why; the others go on', async () => {
  await start([variant('champion', 'narrow', { share: 60 }), challenger, ghost]);
  const [first] = await serving.score(rows, keys);
  expect(first?.map((answer) => answer.variant)).toEqual(['challenger', 'ghost']);
  const [broken, healthy] = serving.status();
  expect(broken).toMatchObject({ name: 'champion', share: 60, effectiveShare: 0, digest: undefined });
  expect(broken?.problem).toMatch(/^Cannot serve variant "champion": the model takes 2 features, the resource lists 3/);
  expect(healthy).toMatchObject({ effectiveShare: 100, problem: undefined, digest: challenger.artifact.sha256 });
});

test('without a variant that serves, nothing is answered', async () => {
  await start([]);
  expect(await serving.score(rows, keys)).toEqual([[], [], []]);
  await serving.update(program([variant('champion', 'nan'), ghost]));
  expect((await serving.score(rows, keys)).map((answers) => answers.map((answer) => answer.variant))).toEqual([
    ['ghost'],
    ['ghost'],
    ['ghost'],
  ]);
});

test('a changed artifact takes over when it is ready', async () => {
  await start([variant('champion', 'constant')]);
  await serving.update(program([variant('champion', 'classifier')]));
  const [first] = await serving.score(rows, keys);
  expect(first?.[0]?.score).toBeCloseTo(classified(0, 100, 0), 6);
});

test('a changed artifact that cannot be loaded leaves the former serving, and says why', async () => {
  await start([variant('champion', 'constant')]);
  await serving.update(program([variant('champion', 'narrow')]));
  const [first] = await serving.score(rows, keys);
  expect(first?.[0]).toMatchObject({ score: 0.5, digest: variant('champion', 'constant').artifact.sha256 });
  expect(serving.status()[0]).toMatchObject({
    effectiveShare: 100,
    problem: expect.stringContaining('takes 2 features'),
  });
});

test('scores under way end on the models that they began with, and later ones have the new', async () => {
  await start([variant('champion', 'constant')], 1);
  const before = serving.score(manyRows, many);
  const swapped = serving.update(program([variant('champion', 'classifier')]));
  const answers = await before;
  expect(new Set(answers.map(([answer]) => answer?.score))).toEqual(new Set([0.5]));
  await swapped;
  const [first] = await serving.score(rows, keys);
  expect(first?.[0]?.score).not.toBe(0.5);
});

test('updates at the same time take effect one after the other', async () => {
  await start([variant('champion', 'constant')]);
  await Promise.all([
    serving.update(program([variant('champion', 'classifier')])),
    serving.update(program([variant('champion', 'challenger')])),
  ]);
  expect(serving.status()[0]?.digest).toBe(variant('champion', 'challenger').artifact.sha256);
  expect(await serving.scoreBy('champion', rows)).toHaveLength(3);
});

test('a run that fails leaves its own rows without a score, and the others go on', async () => {
  await start([variant('champion', 'fragile'), ghost], 1);
  const answers = await serving.score(Float32Array.of(0, 2, 0, 0, 9, 0, 0, 3, 0), keys);
  expect(answers.map(([answer, shadow]) => [answer?.score.toFixed(2), shadow?.score])).toEqual([
    ['0.30', 0.5],
    ['NaN', 0.5],
    ['0.40', 0.5],
  ]);
  expect(failures).toEqual(['champion']);
});

test('one variant can be asked alone', async () => {
  await start([champion, challenger]);
  const scores = await serving.scoreBy('challenger', rows);
  expect(scores?.[0]).toBeCloseTo(1 / (1 + Math.exp(-(0.02 * 100 - 1))), 6);
  expect(await serving.scoreBy('nobody', rows)).toBeUndefined();
});
