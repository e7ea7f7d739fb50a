import { contentHash } from '../content-hash.ts';
import type { Program } from '../programs/index.ts';

type OmitEach<P, K extends string> = P extends unknown ? Omit<P, K> : never;

/** A program before its revision is known. */
export type Unhashed<P extends Program = Program> = OmitEach<P, 'revision'>;

/**
 * Names the content of a program: `<what needs a restart>-<what is live>`, so that the first half tells whether two
 * revisions differ only in what a program takes while it runs.
 */
export const revisionOf = (program: Unhashed): string => {
  const { fixed, live } = divide(program);
  return `${contentHash(fixed)}-${contentHash(live)}`;
};

interface Divided {
  readonly fixed: unknown;
  readonly live: unknown;
}

const divide = (program: Unhashed): Divided => {
  switch (program.kind) {
    case 'window': {
      const aggregations = program.aggregations.map((a) => (a.kind === 'weightedSum' ? { ...a, weights: {} } : a));
      const weights = program.aggregations.map((a) => (a.kind === 'weightedSum' ? a.weights : {}));
      return { fixed: { ...program, aggregations }, live: weights };
    }
    case 'scorer': {
      const { variants, top, ttlMs, batching, ...rest } = program;
      const fixed = { ...rest, variants: variants.map(({ share: _, ...variant }) => variant) };
      return { fixed, live: { shares: variants.map(({ share }) => share), top, ttlMs, batching } };
    }
    case 'trainer': {
      const { schedule, maxRows, ...fixed } = program;
      return { fixed, live: { schedule, maxRows } };
    }
    case 'api': {
      const { heatmap, models, ...fixed } = program;
      return { fixed, live: { heatmap, models } };
    }
    case 'ingest': {
      const { maxFutureMs, ...fixed } = program;
      return { fixed, live: { maxFutureMs } };
    }
  }
};
