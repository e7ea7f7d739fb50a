import { averagePrecision, type Labelled, liftAt, rocAuc } from '@groundswell/evidence';
import type { Prediction } from '@groundswell/wire';

/** Figures at one age of the posts of the test part. A figure is null where a class is empty. */
export interface AgeReport {
  readonly age: string;
  readonly rows: number;
  readonly positives: number;
  readonly auc: number | null;
  /** 95 % confidence interval (DeLong). */
  readonly aucLow: number | null;
  readonly aucHigh: number | null;
  readonly prAuc: number | null;
  readonly liftAt1: number | null;
  readonly liftAt10: number | null;
  readonly baselineAuc: number | null;
  readonly baselineLiftAt10: number | null;
}

export interface EvaluationReport {
  readonly data: string;
  readonly ages: readonly AgeReport[];
}

export interface Scored {
  readonly predictions: readonly Prediction[];
  /** Post id → whether it became positive; posts without a matured label are missing. */
  readonly labels: ReadonlyMap<string, boolean>;
  readonly champion: string;
  readonly baseline: string;
}

/** As users declare ages: `0s`, `10m`, `60m`, `24h`. */
export const ageOf = (ms: number): string => {
  if (ms % 60_000 !== 0 || ms === 0) return `${ms / 1_000}s`;
  return ms > 7_200_000 && ms % 3_600_000 === 0 ? `${ms / 3_600_000}h` : `${ms / 60_000}m`;
};

/** Six digits are more than the rows can tell, and equal on every machine. */
const round = (value: number | undefined): number | null => (value === undefined ? null : Number(value.toFixed(6)));

const casesOf = ({ predictions, labels }: Scored, variant: string, ageMs: number): readonly Labelled[] =>
  predictions
    .filter((p) => p.variant === variant && p.age_ms === ageMs && p.trigger !== 'change' && p.score !== null)
    .flatMap((p) => {
      const positive = labels.get(p.post_id);
      return positive === undefined ? [] : [{ score: p.score ?? 0, positive }];
    });

const reportAge = (scored: Scored, ageMs: number): AgeReport => {
  const cases = casesOf(scored, scored.champion, ageMs);
  const baseline = casesOf(scored, scored.baseline, ageMs);
  const auc = rocAuc(cases);
  return {
    age: ageOf(ageMs),
    rows: cases.length,
    positives: cases.filter((c) => c.positive).length,
    auc: round(auc?.value),
    aucLow: round(auc?.low),
    aucHigh: round(auc?.high),
    prAuc: round(averagePrecision(cases)),
    liftAt1: round(liftAt(cases, 0.01)),
    liftAt10: round(liftAt(cases, 0.1)),
    baselineAuc: round(rocAuc(baseline)?.value),
    baselineLiftAt10: round(liftAt(baseline, 0.1)),
  };
};

export const reportOf = (data: string, scored: Scored, agesMs: readonly number[]): EvaluationReport => ({
  data,
  ages: agesMs.map((ageMs) => reportAge(scored, ageMs)),
});

const columns: readonly (readonly [string, (row: AgeReport) => string])[] = [
  ['age', (row) => row.age],
  ['posts', (row) => String(row.rows)],
  ['positive', (row) => String(row.positives)],
  ['ROC-AUC', (row) => figure(row.auc)],
  ['95 % interval', (row) => `${figure(row.aucLow)}–${figure(row.aucHigh)}`],
  ['PR-AUC', (row) => figure(row.prAuc)],
  ['lift at 1 %', (row) => figure(row.liftAt1, 1)],
  ['lift at 10 %', (row) => figure(row.liftAt10, 1)],
  ['baseline', (row) => figure(row.baselineAuc)],
  ['its lift', (row) => figure(row.baselineLiftAt10, 1)],
];
const figure = (value: number | null, digits = 3): string => value?.toFixed(digits) ?? '–';

/** Columns as wide as their widest cell; text to the right, as figures want it. */
export const tableOf = (rows: readonly (readonly string[])[]): readonly string[] => {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows.map((row) => row.map((cell, i) => cell.padStart(widths[i] ?? 0)).join('  '));
};

/** The report as a table for people. */
export const renderReport = ({ data, ages }: EvaluationReport): readonly string[] => [
  ...[data, ''],
  ...tableOf([columns.map(([title]) => title), ...ages.map((age) => columns.map(([, cell]) => cell(age)))]),
];
