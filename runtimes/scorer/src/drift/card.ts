import { ModelTraining } from '@groundswell/wire';
import { z } from 'zod';

/** Of a feature or score in training: bin i holds edges[i − 1] <= value < edges[i]. Shares are of the known values. */
const Distribution = z.object({
  missing: z.number().min(0).max(1),
  edges: z.array(z.number()),
  shares: z.array(z.number()),
});

/** What inputs and scores looked like in training, as the trainer writes it (`summary.py`). */
const Summary = z.object({ features: z.record(z.string(), Distribution), score: Distribution });

export type Distribution = z.output<typeof Distribution>;
export type Summary = z.output<typeof Summary>;

const Holdout = z.object({ rows: z.number(), positives: z.number() }).catchall(z.number().nullable());
const Gate = z.object({
  metric: z.string(),
  min: z.number().optional(),
  max: z.number().optional(),
  value: z.number().nullable(),
  passed: z.boolean(),
});
const Versus = z.object({
  ...{ rows: z.number(), positives: z.number() },
  ...{ Auc: z.number().nullable().default(null), championAuc: z.number().nullable().default(null) },
});

/** The card, as the trainer writes it (`__main__.py`). */
const Card = z.object({
  algorithm: ModelTraining.shape.algorithm,
  ...{ rows: z.number(), posts: z.number(), positives: z.number() },
  ...{ postedFrom: z.number(), postedTo: z.number(), rowsSha256: z.string() },
  gates: z.array(Gate),
  versus: Versus.optional(),
  candidate: z.object({ parity: z.number(), importances: z.record(z.string(), z.number()), holdout: Holdout }),
  summary: Summary,
});

/** What inputs and scores of a model looked like in training; undefined where its card does not say. */
export const summaryOf = (card: object | undefined): Summary | undefined =>
  z.object({ summary: Summary }).safeParse(card).data?.summary;

/** The card as the API shows it; undefined where it is not whole. */
export const trainingOf = (card: object | undefined): ModelTraining | undefined => {
  const { data } = Card.safeParse(card);
  if (data === undefined) return undefined;
  const { algorithm, rows, posts, positives, postedFrom, postedTo, rowsSha256, gates, versus, summary } = data;
  const { parity, importances, holdout } = data.candidate;
  const { rows: heldOut, positives: heldOutPositives, ...metrics } = holdout;
  return {
    ...{ algorithm, rows, posts, positives },
    ...{ posted_from: postedFrom, posted_to: postedTo, rows_sha256: rowsSha256 },
    held_out: { rows: heldOut, positives: heldOutPositives, metrics },
    gates,
    champion: versus
      ? { rows: versus.rows, positives: versus.positives, auc: versus.Auc, champion_auc: versus.championAuc }
      : null,
    parity_error: parity,
    ...{ importances, summary },
  };
};
