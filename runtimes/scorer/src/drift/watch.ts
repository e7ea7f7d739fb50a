import type { ScorerProgram } from '@groundswell/graph';
import type { Summary } from './card.ts';
import { createDrift, type Drift, type DriftReading } from './drift.ts';

/** How a variant's rows differ from those of its training, for status and metrics. */
export interface VariantDrift {
  readonly variant: string;
  readonly reading: DriftReading;
  readonly worstFeature: string | undefined;
  readonly worstFeaturePsi: number;
  /** What is beyond the limits of the resource, for people; undefined where nothing is. */
  readonly problem: string | undefined;
}

/** Follows all variants whose training is known. */
export interface DriftWatch {
  note(row: {
    readonly variant: string;
    readonly vector: Float32Array;
    readonly score: number;
    readonly at: number;
  }): void;
  read(): readonly VariantDrift[];
}

interface DriftWatchOptions {
  /** Features of the vector, in its order. */
  readonly names: readonly string[];
  /** As it is now. */
  readonly limits: () => ScorerProgram['drift'];
  /** Of the model that serves as a variant; another object for another model. */
  readonly summaryOf: (variant: string) => Summary | undefined;
}

export const createDriftWatch = ({ names, limits, summaryOf }: DriftWatchOptions): DriftWatch => {
  const followed = new Map<string, { readonly summary: Summary; readonly windowMs: number; readonly drift: Drift }>();
  const driftOf = (variant: string): Drift | undefined => {
    const summary = summaryOf(variant);
    const { windowMs } = limits();
    const known = followed.get(variant);
    if (known?.summary === summary && known?.windowMs === windowMs) return known?.drift;
    followed.delete(variant);
    if (summary === undefined) return undefined;
    const drift = createDrift(names, summary, windowMs);
    followed.set(variant, { summary, windowMs, drift });
    return drift;
  };
  return {
    note: ({ variant, vector, score, at }) => {
      if (!Number.isNaN(score)) driftOf(variant)?.note(vector, score, at);
    },
    read: () =>
      [...followed].flatMap(([variant, { drift }]) => {
        const reading = drift.read();
        return reading === undefined ? [] : [judged(variant, reading, limits())];
      }),
  };
};

const judged = (
  variant: string,
  reading: DriftReading,
  { maxFeaturePsi, maxScorePsi }: ScorerProgram['drift'],
): VariantDrift => {
  const [worst] = [...reading.features].sort(([, a], [, b]) => b - a);
  const [worstFeature, worstFeaturePsi = 0] = worst ?? [];
  const far = [...reading.features.values()].filter((psi) => psi > maxFeaturePsi).length;
  const said = [
    ...(reading.score > maxScorePsi
      ? [
          `scores are distributed otherwise than in training (PSI ${reading.score.toFixed(2)}, ${maxScorePsi} is the limit)`,
        ]
      : []),
    ...(far > 0
      ? [
          `${far} features are, "${worstFeature}" most (PSI ${worstFeaturePsi.toFixed(2)}, ${maxFeaturePsi} is the limit)`,
        ]
      : []),
  ];
  return {
    ...{ variant, reading, worstFeature, worstFeaturePsi },
    problem: said.length === 0 ? undefined : `Variant "${variant}": ${said.join('; ')}`,
  };
};
