import { describe, expect, test } from 'vitest';
import { aucOf85, aucOf87, createRandom, createWorld, looks, type Plan, type World } from './test/simulation.ts';
import { judge, type Verdict } from './verdict.ts';

const equal: Omit<World, 'seed'> = { champion: aucOf85, challenger: aucOf85, correlation: 0.8, baseRate: 0.1 };
const improved: Omit<World, 'seed'> = { ...equal, challenger: aucOf87 };

/** The first verdict for which `stop` holds, looked at after every batch of labels; undefined where none came. */
const firstVerdict = (world: World, plan: Plan, stop: (verdict: Verdict) => boolean): Verdict | undefined => {
  const { next } = createWorld(world);
  for (const evidence of looks(next, plan)) {
    const verdict = judge(evidence);
    if (stop(verdict)) return verdict;
  }
  return undefined;
};

const shareOf = (runs: number, happens: (seed: number) => boolean): number =>
  Array.from({ length: runs }, (_, seed) => happens(seed)).filter(Boolean).length / runs;

describe('a rollout on simulated labels', () => {
  test.each([
    { how: 'scored by both', world: equal },
    { how: 'scored by one each', world: { ...equal, share: 0.5 } },
  ])(
    'promotes an equal challenger in at most 5 % of 2,000 runs that look after every batch of labels, $how',
    ({ world }) => {
      const wrong = shareOf(2000, (seed) => {
        const verdict = firstVerdict(
          { ...world, seed },
          { batch: 300, labels: 3000 },
          ({ state }) => state === 'Better',
        );
        return verdict !== undefined;
      });
      expect(wrong).toBeLessThanOrEqual(0.05);
    },
  );

  test('finds an improvement of 0.02 AUC within 12,000 labels in at least 80 % of runs', () => {
    const found = shareOf(
      100,
      (seed) =>
        firstVerdict({ ...improved, seed }, { batch: 1000, labels: 12_000 }, ({ state }) => state === 'Better') !==
        undefined,
    );
    expect(found).toBeGreaterThanOrEqual(0.8);
  });

  test('foresees how many labels a verdict needs within a factor of three, in the median of runs', () => {
    const ratios = Array.from({ length: 21 }, (_, seed) => {
      const early = firstVerdict(
        { ...improved, seed },
        { batch: 2000, labels: 2000 },
        ({ labelsNeeded }) => labelsNeeded !== undefined,
      );
      const end = firstVerdict(
        { ...improved, seed },
        { batch: 500, labels: 30_000 },
        ({ state }) => state === 'Better',
      );
      return (early?.labelsNeeded ?? Infinity) / (end?.labels ?? Infinity);
    }).sort((a, b) => a - b);
    expect(ratios[10]).toBeGreaterThan(1 / 3);
    expect(ratios[10]).toBeLessThan(3);
  });

  test('aborts a challenger that is fast but wrong', () => {
    const wrong = { ...equal, challenger: 0.3, seed: 7 };
    const verdict = firstVerdict(
      wrong,
      { batch: 500, labels: 20_000 },
      ({ state }) => state === 'Worse' || state === 'Better',
    );
    expect(verdict?.state).toBe('Worse');
  });

  test('says nothing about a challenger that knows the label', () => {
    const leaking = { ...equal, challenger: 9, seed: 1 };
    const verdict = firstVerdict(leaking, { batch: 3000, labels: 3000, measured: true }, () => true);
    expect(verdict).toMatchObject({
      state: 'Inconclusive',
      reason: expect.stringContaining('looks like a label among its features'),
    });
  });

  test('finds a split that is not as declared, and concludes nothing from it', () => {
    const random = createRandom(3);
    const split = { share: 0.5, champion: 0, challenger: 0 };
    // Every tenth key of the challenger gets lost.
    for (let i = 0; i < 20_000; i++)
      if (random() < 0.5) split.champion++;
      else if (random() < 0.9) split.challenger++;
    const [evidence] = looks(createWorld({ ...improved, seed: 1 }).next, { batch: 2000, labels: 2000, measured: true });
    expect(judge({ ...evidence!, splits: [[split]] })).toMatchObject({
      state: 'SplitWrong',
      reason: expect.stringMatching(/^Nothing is concluded: the challenger got \d+ of \d+, \d+ were declared/),
    });
  });

  test('is not led astray by positives that come first', () => {
    const wrong = shareOf(300, (seed) => {
      const { next } = createWorld({ ...equal, seed });
      const posts = Array.from({ length: 3000 }, next);
      const inOrder = [...posts.filter(({ positive }) => positive), ...posts.filter(({ positive }) => !positive)];
      for (const evidence of looks(() => inOrder.shift()!, { batch: 300, labels: 3000 }))
        if (judge(evidence).state === 'Better') return true;
      return false;
    });
    expect(wrong).toBeLessThanOrEqual(0.05);
  });

  test('gives the same verdict for the same evidence', () => {
    const [once] = looks(createWorld({ ...improved, seed: 5 }).next, { batch: 3000, labels: 3000, measured: true });
    const [again] = looks(createWorld({ ...improved, seed: 5 }).next, { batch: 3000, labels: 3000, measured: true });
    expect(judge(again!)).toEqual(judge(once!));
  });
});
