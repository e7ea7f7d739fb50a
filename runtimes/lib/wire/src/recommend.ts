import { z } from 'zod';
import { eventTypes } from './social-event.ts';

/** Ids are texts. A number would do as long as JavaScript and JSON hold it exactly. */
const id = () =>
  z.union([z.string().min(1).max(512), z.int().transform(String)], {
    error: 'a text of 1 to 512 characters is needed, or a whole number within 2^53',
  });

/** Of a request's body: 100,000 ids of 60 bytes, so that what is too many is counted, and said with the number that is allowed. */
export const recommendMaxBytes = 8_388_608;

/** `POST /v1/recommend`. How many items a request may name is up to the resource. */
export const RecommendRequest = z.strictObject({
  user_id: id(),
  /** Only these are ranked. */
  item_ids: z.array(id()).min(1).optional(),
  /** Items of the answer; absent: as many as the resource says. */
  limit: z.int().min(1).max(1000).optional(),
});

/** `PUT /v1/interests`: what a user named at sign-up. */
export const NewInterests = z.strictObject({
  user_id: id(),
  tags: z.array(z.string().min(1).max(256)).max(64),
});

/** Why an item is recommended. */
const RecommendReason = z.strictObject({
  /** Names of the candidate sources that found it, in their declared order. */
  sources: z.array(z.string()),
  text: z.string(),
});

export const RecommendedItem = z.strictObject({
  rank: z.int().min(1),
  item_id: z.string(),
  /** What it was ranked by; null where it was not: a new item that is tried, or an answer without the model. */
  score: z.number().nullable(),
  reason: RecommendReason,
});

/** What was left out of an answer, and why. */
const fallbacks = [
  /** The model gave no scores: candidates are in the order of their sources. */
  'NoModel',
  /** Offline values did not come: the score of the model counts alone. */
  'NoOffline',
  /** The time limit was over: what is hot, for everybody. */
  'Timeout',
] as const;

/** How two scores were put together. */
const Blend = z.strictObject({
  /** Weights of the score by the model, and of the one that is computed elsewhere. Their sum is 1. */
  real_time: z.number().min(0).max(1),
  offline: z.number().min(0).max(1),
  /** Logged outcomes that they were learned from; absent: they are declared. */
  labels: z.int().min(0).optional(),
});

export const Recommendations = z.strictObject({
  recommender: z.string(),
  user_id: z.string(),
  /** Names the recommendation in the log. */
  id: z.string(),
  /** When it was made, event time in ms. */
  at: z.int(),
  /** Variant of the model that ranked; null without. */
  variant: z.string().nullable(),
  /** Whether the user counts as new. */
  cold: z.boolean(),
  /** Whether it was made for an earlier request. */
  cached: z.boolean(),
  fallbacks: z.array(z.enum(fallbacks)),
  /** Absent: the score of the model counts alone, or there was none. */
  blend: Blend.optional(),
  items: z.array(RecommendedItem),
  /** Of `item_ids`, those that nobody knows; they are left out. */
  unknown_items: z.array(z.string()).optional(),
});

/** A record of the topic of recommendations, with the user as its key: what was shown, and what came of it. */
export const RecommendationRecord = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('recommendation'),
    id: z.string(),
    recommender: z.string(),
    user_id: z.string(),
    at: z.int(),
    model: z.string(),
    variant: z.string().nullable(),
    digest: z.string().nullable(),
    cold: z.boolean(),
    fallbacks: z.array(z.enum(fallbacks)),
    blend: Blend.optional(),
    items: z.array(
      z.strictObject({
        item_id: z.string(),
        rank: z.int().min(1),
        sources: z.array(z.string()),
        /** Tried because it is new, not for its score. */
        tried: z.boolean(),
        score: z.number().nullable(),
        real_time: z.number().nullable(),
        offline: z.number().nullable(),
        /** In the order of the model's feature list, as the model saw it. null stands for NaN (missing). */
        vector: z.array(z.number().nullable()).optional(),
      }),
    ),
  }),
  z.strictObject({
    kind: z.literal('success'),
    /** Of the recommendation. */
    id: z.string(),
    recommender: z.string(),
    user_id: z.string(),
    item_id: z.string(),
    type: z.enum(eventTypes),
    /** When it was shown, and when the user acted, event time in ms. */
    shown_at: z.int(),
    at: z.int(),
  }),
]);

export type RecommendRequest = z.output<typeof RecommendRequest>;
export type NewInterests = z.output<typeof NewInterests>;
export type Recommendations = z.output<typeof Recommendations>;
export type RecommendedItem = z.output<typeof RecommendedItem>;
export type RecommendationRecord = z.output<typeof RecommendationRecord>;
export type Fallback = (typeof fallbacks)[number];
