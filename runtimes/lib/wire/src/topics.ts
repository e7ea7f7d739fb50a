import { z } from 'zod';

/** A watermark in place of an event: no more events with a timestamp up to and including it will come on this partition. */
export const watermarkHeader = 'groundswell-watermark';

/** The watermark of a source that has ended. Larger than any event time; still exact as a double and in JSON. */
export const endOfTime = 8_640_000_000_000_000;

const scalar = z.union([z.number(), z.string(), z.boolean()]);

/** A number, text or boolean; the values of a lastN; the most frequent values of a topK. null: nothing was there. */
const WindowValue = z.union([
  scalar,
  z.array(scalar).readonly(),
  z.array(z.strictObject({ value: scalar, count: z.number() })).readonly(),
  z.null(),
]);

/**
 * The result of one window for one key: an upsert by (window, key, end), and by `nth` of a pattern, which may match more
 * than once with one end. `values: null` says that the window became empty.
 */
export const WindowResult = z.strictObject({
  window: z.string(),
  key: z.array(z.string()),
  start: z.number().int(),
  end: z.number().int(),
  values: z.record(z.string(), WindowValue).nullable(),
  nth: z.number().int().min(0).optional(),
  /** What a match of a pattern says of its key. */
  tag: z.string().optional(),
});

/** Why a post was scored: it appeared, it reached a declared age, or its windows changed. */
export const triggers = ['appeared', 'age', 'change'] as const;

/** One score by one variant, with the vector that it was made from: prediction log and training row in one. */
export const Prediction = z.strictObject({
  model: z.string(),
  variant: z.string(),
  /** sha256 of the ONNX file, hex; empty where vectors are only logged. */
  digest: z.string(),
  shadow: z.boolean(),
  post_id: z.string(),
  author_id: z.string(),
  /** When the post appeared, event time in ms. */
  posted_at: z.number().int(),
  /** The moment that the features stand for, event time in ms. */
  scored_at: z.number().int(),
  age_ms: z.number().int().min(0),
  trigger: z.enum(triggers),
  /** Probability in 0..1; null where no model is loaded and the vector is only logged. */
  score: z.number().nullable(),
  /** In the order of the model's feature list. null stands for NaN (missing). */
  vector: z.array(z.number().nullable()),
  /** Wall time from ingest of the event that caused it to the score, in ms; null when caused by event time (an age). */
  latency_ms: z.number().nullable(),
});

/** Whether a post became what the outcome says, known once its label matured. */
export const Outcome = z.strictObject({
  outcome: z.string(),
  post_id: z.string(),
  posted_at: z.number().int(),
  matured_at: z.number().int(),
  value: z.number(),
  positive: z.boolean(),
});

/** What could not be used, with all that is needed to find out why and to try again. */
export const DeadLetter = z.strictObject({
  group: z.string(),
  reason: z.string(),
  /** Topic and partition, or file and entry, that it came from. */
  origin: z.string(),
  offset: z.string(),
  /** The raw bytes, base64. */
  raw: z.string(),
  at: z.number().int(),
});

export type WindowResult = z.output<typeof WindowResult>;
export type Prediction = z.output<typeof Prediction>;
export type Outcome = z.output<typeof Outcome>;
export type DeadLetter = z.output<typeof DeadLetter>;
export type Trigger = (typeof triggers)[number];
