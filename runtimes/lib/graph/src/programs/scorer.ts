import { z } from 'zod';
import { Cel, Millis, programBase, Topic, Watermark } from './program.ts';

/** Where one feature's value comes from. CEL sees `event` (of the post), `at` and `age` (ms, doubles), and the features before it by name. */
export const FeatureSource = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('expression'), expression: Cel }),
  z.strictObject({
    kind: z.literal('window'),
    window: z.string(),
    /** Template of the hash that the window's sink writes, and the field in it. */
    hash: z.string(),
    field: z.string(),
    /** Each name in the template, and CEL over `event` for it; a list gives one read for each element. */
    key: z.array(z.strictObject({ name: z.string(), value: Cel })),
    /** How the values of a list of keys become one. */
    combine: z.enum(['Max', 'Min', 'Sum', 'Mean']),
    /**
     * Missing when the window's watermark is more than this behind the moment of scoring. An unchanged value is as fresh
     * as the watermark of its worker, whenever it was written.
     */
    maxStalenessMs: Millis.optional(),
  }),
]);

export const Feature = z.strictObject({
  name: z.string(),
  /** For what is missing, NaN or stale; absent: NaN, which tree models take. */
  default: z.number().optional(),
  /** For what comes out of the vector: booleans become 0 and 1, int is rounded. */
  type: z.enum(['float', 'int', 'bool']),
  source: FeatureSource,
  /** Part of the vector, or only there for others to use. */
  hidden: z.boolean(),
});

/** An ONNX file, and what belongs to it. All of it is live. */
export const Artifact = z.strictObject({
  /** One of the forms of `artifactSourceOf`. */
  uri: z.string(),
  /** Hex. */
  sha256: z.string(),
  /** Name of a Secret, with keys accessKey and secretKey (and sessionToken), username and password, or token. */
  secret: z.string().optional(),
  /** Of an S3-compatible store; absent: that of AWS. */
  endpoint: z.string().optional(),
  region: z.string().optional(),
  /** A signature as `cosign sign-blob` makes it, that must be right, too. */
  signature: z
    .strictObject({ publicKey: z.strictObject({ secret: z.string(), key: z.string() }), uri: z.string() })
    .optional(),
  /** The native model of an ensemble of trees, for exact contributions. */
  explainer: z.strictObject({ uri: z.string(), sha256: z.string() }).optional(),
});

export const Variant = z.strictObject({
  name: z.string(),
  /** Of 100, over all variants that are not shadows. Live. */
  share: z.number().min(0).max(100),
  /** Scores and logs, never answers. */
  shadow: z.boolean(),
  /** Scores also what it does not answer, and logs it as a shadow does: a rollout compares it. Live. */
  compared: z.boolean().optional(),
  artifact: Artifact,
  /** Output of the file that holds the score; absent: found by its shape. */
  output: z.string().optional(),
  /** Column of that output that is the score, where it has one for each class. */
  positiveClass: z.number().int().min(0),
});

/** The request doors. */
export const ServingSpec = z.strictObject({
  /** Those that are open. */
  doors: z.array(z.enum(['grpc', 'http'])),
  /** For requests that bring none. Live, as are the next two. */
  deadlineMs: Millis,
  /** Rows that may wait for a model. */
  maxQueue: z.number().int().min(1),
  /** Size of a request. */
  maxBodyBytes: z.number().int().min(0),
  /** Of one run; absent: by the processors that the process may use. */
  threads: z.number().int().min(1).optional(),
  warmUpRuns: z.number().int().min(0),
});

/** Why a post has its score. Live. */
const ExplanationSpec = z.strictObject({
  /** Reasons of a score, at most. */
  features: z.number().int().min(0),
  method: z.enum(['Auto', 'TreeShap', 'Ablation']),
});

/** When inputs and scores count as changed since training. Live. */
const DriftSpec = z.strictObject({
  /** Event time that is compared with the training rows. */
  windowMs: Millis,
  maxFeaturePsi: z.number().min(0),
  maxScorePsi: z.number().min(0),
});

/** What makes a post positive, once it matured. */
export const OutcomeSpec = z.strictObject({
  name: z.string(),
  rule: z.discriminatedUnion('kind', [
    /** So many events of the post where CEL holds, within `maturityMs` of it. */
    z.strictObject({ kind: z.literal('count'), where: Cel, atLeast: z.number(), maturityMs: Millis }),
    /** A figure of an `outcome` field that comes with the post or later (hindsight, for labels only). */
    z.strictObject({ kind: z.literal('figure'), field: z.string(), atLeast: z.number(), maturityMs: Millis }),
  ]),
});

export const ScorerProgram = z.strictObject({
  kind: z.literal('scorer'),
  ...programBase,
  model: z.string(),
  input: Topic,
  /** Which events are scored (posts). */
  entityWhere: Cel,
  /** Ages, ms of event time, ascending; 0 is when the post appears. */
  atMs: z.array(Millis),
  /** Also when an event of the post came in, at most so often and until this age (event time). */
  onChange: z.strictObject({ throttleMs: Millis, untilMs: Millis }).optional(),
  watermark: Watermark,
  features: z.array(Feature),
  /** None: vectors are logged, nothing is scored. */
  variants: z.array(Variant),
  routing: z.strictObject({ key: z.enum(['post_id', 'user_id', 'author_id']), salt: z.string() }),
  /** How rows of the doors are put together. Live. */
  batching: z.strictObject({ maxRows: z.number().int().min(1), maxWaitMs: Millis }),
  serving: ServingSpec,
  explanations: ExplanationSpec.default({ features: 5, method: 'Auto' }),
  drift: DriftSpec.default({ windowMs: 3_600_000, maxFeaturePsi: 0.25, maxScorePsi: 0.1 }),
  outcome: OutcomeSpec.optional(),
  top: z.strictObject({ size: z.number().int().min(1), maxAgeMs: Millis }),
  /** Predictions in the store expire after this (wall time). */
  ttlMs: Millis,
  predictions: Topic,
  outcomes: Topic,
  deadLetters: Topic,
});

export type FeatureSource = z.output<typeof FeatureSource>;
export type Feature = z.output<typeof Feature>;
export type Variant = z.output<typeof Variant>;
export type ServingSpec = z.output<typeof ServingSpec>;
export type OutcomeSpec = z.output<typeof OutcomeSpec>;
export type ScorerProgram = z.output<typeof ScorerProgram>;
