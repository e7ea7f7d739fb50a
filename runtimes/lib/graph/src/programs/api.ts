import { z } from 'zod';
import { FeedView } from './feed.ts';
import { Millis, programBase, Topic } from './program.ts';
import { OutcomeSpec } from './scorer.ts';
import { ValueReference } from './value-reference.ts';

/** What the API has to know of a ScoringModel. */
const ModelView = z.strictObject({
  name: z.string(),
  /** Those of the vector, in its order. */
  features: z.array(z.strictObject({ name: z.string(), from: z.string(), default: z.number().optional() })),
  outcome: OutcomeSpec.optional(),
  atMs: z.array(Millis),
  variants: z.array(
    z.strictObject({ name: z.string(), share: z.number(), shadow: z.boolean(), sha256: z.string(), uri: z.string() }),
  ),
});

/** Where the newest values of a window lie. */
const WindowView = z.strictObject({
  name: z.string(),
  /** Template of the hash, and names of the key's parts in their order. */
  hash: z.string(),
  key: z.array(z.string()),
  /** Its fields of the hash: other windows may write there, too. */
  values: z.array(z.string()),
});

/** The OpenID provider by which people sign in to the page. */
const SignIn = z.strictObject({
  issuer: z.string(),
  clientId: z.string(),
  clientSecret: ValueReference,
  scopes: z.array(z.string()),
  /** Groups that decide about rollouts. */
  operators: z.array(z.string()),
});

/** Who may ask what, and how often. All but the Secrets is live. */
const ApiAccess = z.strictObject({
  /** The list of keys. Absent: whoever reaches the API may do all that it can. */
  keys: ValueReference.optional(),
  /** How people are told. Absent: by nothing. */
  signIn: SignIn.optional(),
  /** What callers may do that have no key and have not signed in, where there are keys or people sign in. */
  anonymous: z.enum(['None', 'Read']),
  /** Of one caller: requests in a second, and at once. */
  perSecond: z.number().int().min(1),
  burst: z.number().int().min(1),
  /** Callers come through a proxy that says who they are. */
  forwarded: z.boolean(),
  /** Of pages elsewhere that may call it. */
  origins: z.array(z.string()),
  maxBodyBytes: z.number().int().min(1),
});

export const ApiProgram = z.strictObject({
  kind: z.literal('api'),
  ...programBase,
  /** ScoringModels that it shows; the first is the default of `/v1/top`. */
  models: z.array(ModelView),
  /** Windows whose newest values are found by their key. */
  windows: z.array(WindowView),
  /** Key of the `series` sink that the heatmap reads, and the window that writes it. */
  heatmap: z.strictObject({ window: z.string(), key: z.string() }).optional(),
  /** The Feed whose posts and timelines it takes and gives. */
  feed: FeedView.optional(),
  /** What others may report of posts, by name, and the topic of events that takes it. */
  reports: z
    .strictObject({
      outcomes: z.array(z.string()),
      events: Topic,
      keyBy: z.enum(['post_id', 'user_id', 'author_id', 'at']),
    })
    .optional(),
  /** Recommenders that it passes requests on to; the first is the default of `/v1/recommend`. Live. */
  recommenders: z.array(z.string()).optional(),
  access: ApiAccess,
  /** Serves the UI beside the API. */
  ui: z.boolean(),
});

export type SignIn = z.output<typeof SignIn>;
export type ApiAccess = z.output<typeof ApiAccess>;
export type ModelView = z.output<typeof ModelView>;
export type WindowView = z.output<typeof WindowView>;
export type ApiProgram = z.output<typeof ApiProgram>;
