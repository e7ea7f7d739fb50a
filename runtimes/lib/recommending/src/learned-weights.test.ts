import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellOf, type Labels, learnWeights } from './index.ts';
import { logisticRegression } from './logistic.ts';

test('logistic regression finds the coefficients that scikit-learn finds (LogisticRegression, C = 1)', () => {
  const rows: [number[], number, number][] = [
    [[-1.2, 0.3], 40, 3],
    [[0.5, -0.7], 30, 9],
    [[1.1, 1.4], 25, 14],
    [[-0.4, 0.2], 60, 11],
    [[0.9, -1.5], 20, 5],
  ];
  const found = logisticRegression(rows.map(([features, rows, successes]) => ({ features, rows, successes })));
  expect(found[0]).toBeCloseTo(0.909232, 5);
  expect(found[1]).toBeCloseTo(0.330021, 5);
});

/** What becomes of impressions whose chance of a success depends on both scores and the place. */
const world = (odds: (realTime: number, offline: number, place: number) => number): readonly Labels[] =>
  [0.05, 0.2, 0.4, 0.6, 0.9].flatMap((realTime) =>
    [0.1, 0.3, 0.5, 0.7].flatMap((offline) =>
      [1, 2, 8].map((rank) => {
        const place = Math.floor(Math.log2(rank));
        const shown = 10_000;
        const won = Math.round(shown / (1 + Math.exp(-odds(realTime, offline, place))));
        return { cell: cellOf({ realTime, offline, rank }) ?? '', shown, won };
      }),
    ),
  );

describe('learned weights', () => {
  test.each([
    { what: 'three to one', odds: (r: number, o: number) => -3 + 3 * r + o, realTime: 0.75 },
    { what: 'one to four', odds: (r: number, o: number) => -2 + r + 4 * o, realTime: 0.2 },
    {
      what: 'the same, whatever the place does',
      odds: (r: number, o: number, place: number) => -1 + r + 4 * o - 1.5 * place,
      realTime: 0.2,
    },
    { what: 'nothing where success falls with the score', odds: (r: number, o: number) => -1 - r + o, realTime: 0 },
  ])('find $what', ({ odds, realTime }) => {
    const learned = learnWeights(world(odds), 1_000);
    expect(Math.abs(learned.realTime - realTime)).toBeLessThan(0.03);
    expect(learned.realTime + learned.offline).toBeCloseTo(1);
    expect(learned.labels).toBe(600_000);
  });

  test.each([
    { what: 'there are too few labels', cells: world(() => -1), least: 600_001 },
    { what: 'nothing was a success', cells: world(() => -100), least: 10 },
    { what: 'all was a success', cells: world(() => 100), least: 10 },
    { what: 'neither score says anything', cells: world((r, o) => -1 - r - o), least: 10 },
    { what: 'there is nothing', cells: [], least: 10 },
    { what: 'cells are none of ours', cells: [{ cell: 'x/y', shown: 20, won: 10 }], least: 10 },
  ])('weigh the same where $what', ({ cells, least }) => {
    expect(learnWeights(cells, least)).toMatchObject({ realTime: 0.5, offline: 0.5 });
  });

  test('are shares of 1, whatever was counted', () => {
    const count = fc.integer({ min: -5, max: 200 });
    const score = fc.oneof(fc.double({ noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }));
    const labels = fc.record({
      realTime: score,
      offline: score,
      rank: fc.integer({ min: 1, max: 100_000 }),
      shown: count,
      won: count,
    });
    fc.assert(
      fc.property(fc.array(labels, { maxLength: 20 }), (all) => {
        const cells = all.flatMap(({ shown, won, ...impression }) => {
          const cell = cellOf(impression);
          return cell === undefined ? [] : [{ cell, shown, won }];
        });
        const { realTime, offline } = learnWeights(cells, 10);
        expect(realTime).toBeGreaterThanOrEqual(0);
        expect(offline).toBeGreaterThanOrEqual(0);
        expect(realTime + offline).toBeCloseTo(1);
      }),
      { numRuns: 300 },
    );
  });
});

test('a cell holds scores that differ by 6 % at most', () => {
  expect(cellOf({ realTime: 0.5, offline: 0.1, rank: 3 })).toBe(cellOf({ realTime: 0.52, offline: 0.1, rank: 2 }));
  expect(cellOf({ realTime: 0.5, offline: 0.1, rank: 3 })).not.toBe(cellOf({ realTime: 0.6, offline: 0.1, rank: 3 }));
  expect(cellOf({ realTime: Number.NaN, offline: 0.1, rank: 3 })).toBeUndefined();
});
