/** Rows that are alike, together. */
export interface Outcomes {
  /** As many values in each. */
  readonly features: readonly number[];
  /** How many rows, and how many of them were a success. */
  readonly rows: number;
  readonly successes: number;
}

/** Newton's method doubles its digits with each step: far more steps than it needs. */
const mostSteps = 100;
const tolerance = 1e-10;

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);

/** Solves `matrix · x = right` for a symmetric positive definite matrix, by Cholesky's decomposition. */
const solve = (matrix: readonly (readonly number[])[], right: readonly number[]): readonly number[] => {
  const lower: number[][] = [];
  for (const [i, row] of matrix.entries()) {
    const own: number[] = [];
    lower.push(own);
    for (let j = 0; j <= i; j++) {
      const rest = (row[j] ?? 0) - dot(own.slice(0, j), (lower[j] ?? []).slice(0, j));
      own.push(i === j ? Math.sqrt(rest) : rest / (lower[j]?.[j] ?? 1));
    }
  }
  const between: number[] = [];
  for (const [i, row] of lower.entries())
    between.push(((right[i] ?? 0) - dot(row.slice(0, i), between)) / (row[i] ?? 1));
  const found = [...between];
  for (let i = lower.length - 1; i >= 0; i--) {
    const known = lower.slice(i + 1).reduce((sum, row, k) => sum + (row[i] ?? 0) * (found[i + 1 + k] ?? 0), 0);
    found[i] = ((between[i] ?? 0) - known) / (lower[i]?.[i] ?? 1);
  }
  return found;
};

/**
 * Logistic regression by Newton's method: the log-odds of a success are the intercept and the sum of coefficient × feature.
 * Each coefficient is drawn towards 0 as by one row (an L2 penalty of ½), so that there is an answer also where a feature tells successes
 * from failures without a fault; features should have a spread of about 1.
 *
 * @returns the coefficient of each feature, without the intercept. Rows must hold a success and a failure
 */
export const logisticRegression = (outcomes: readonly Outcomes[]): readonly number[] => {
  const size = (outcomes[0]?.features.length ?? 0) + 1;
  const rows = outcomes.map((one) => ({ ...one, x: [1, ...one.features] }));
  const penalty = (i: number): number => (i === 0 ? 0 : 1);
  let beta: readonly number[] = Array.from({ length: size }, () => 0);
  const lossOf = (at: readonly number[]): number =>
    rows.reduce(
      (sum, { x, rows: n, successes }) => {
        const odds = dot(x, at);
        return sum + n * (Math.max(0, odds) + Math.log1p(Math.exp(-Math.abs(odds)))) - successes * odds;
      },
      at.reduce((sum, b, i) => sum + (penalty(i) * b * b) / 2, 0),
    );
  for (let step = 0; step < mostSteps; step++) {
    const gradient = beta.map((b, i) => -penalty(i) * b);
    const curvature = beta.map((_, i) => beta.map((_, j) => (i === j ? penalty(i) + 1e-9 : 0)));
    for (const { x, rows: n, successes } of rows) {
      const p = 1 / (1 + Math.exp(-dot(x, beta)));
      for (const [i, xi] of x.entries()) {
        gradient[i] = (gradient[i] ?? 0) + (successes - n * p) * xi;
        const own = curvature[i] ?? [];
        for (const [j, xj] of x.entries()) own[j] = (own[j] ?? 0) + n * p * (1 - p) * xi * xj;
      }
    }
    const way = solve(curvature, gradient);
    // A whole step may go too far where nearly all rows are of one kind.
    const from = beta;
    const loss = lossOf(from);
    const at = (share: number): readonly number[] => from.map((b, i) => b + share * (way[i] ?? 0));
    let share = 1;
    while (share > tolerance && !(lossOf(at(share)) <= loss)) share /= 2;
    beta = at(share);
    if (Math.max(...way.map(Math.abs)) * share < tolerance) break;
  }
  return beta.slice(1);
};
