import { z } from 'zod';

const time = z.number().nullish();
const count = z.number();

/**
 * What a pod answers to `/report`: what its program has done since it started, for the status of the resource. Additive:
 * whoever reads it leaves aside what it does not know.
 */
export const ProgramReport = z.object({
  program: z.string(),
  revision: z.string(),
  /** Wall time of the answer, ms: counters of two answers make a rate. */
  at: z.number(),
  health: z.object({
    kind: z.enum(['ready', 'waiting', 'stalled']),
    reason: z.string().optional(),
    message: z.string().optional(),
  }),
  records: count,
  /** Event time, ms. */
  watermark: time,
  eventTime: time,
  /** Time spent on records, without waiting for them, ms. */
  busyMs: count,
  ledger: z
    .object({ in: count, aggregated: count, late: count, filtered: count, duplicate: count, deadLettered: count })
    .optional(),
  produced: z.record(z.string(), z.number()),
  /** Keys and bytes that a window holds; ms. */
  state: z
    .object({
      keys: count,
      bytes: count,
      restoreMs: count.optional(),
      restoredKeys: count.optional(),
      evictedKeys: count.optional(),
    })
    .optional(),
  stages: z.array(z.object({ stage: z.string(), count, p50Ms: count, p99Ms: count })).optional(),
  redefinition: z
    .object({
      revision: z.string(),
      state: z.enum(['WarmingUp', 'Failed', 'Kept']),
      percent: z.number(),
      at: count.optional(),
      reason: z.string().optional(),
      message: z.string(),
    })
    .optional(),
  quota: z.object({ used: count, share: z.number(), exhaustedAt: z.number().optional() }).optional(),
  demand: z
    .object({
      model: z.string(),
      challenger: z.string(),
      shares: z.record(z.string(), z.number()),
      compared: z.boolean(),
      retired: z.array(z.string()),
    })
    .optional(),
  proposal: z
    .object({
      model: z.string(),
      artifacts: z.record(z.string(), z.object({ uri: z.string(), sha256: z.string() })),
    })
    .optional(),
  /** What its whole group had before it, all pods of the program together. Absent: not known. */
  inputs: z
    .object({
      /** Wall time of the look, ms. */
      at: z.number(),
      partitions: z.array(
        z.object({
          topic: z.string(),
          partition: z.number(),
          /** Offset of the next record that will be written. */
          end: count,
          /** Offset that the group has committed; the first that there is, where retention has gone past it. */
          committed: count,
          /** Offset behind what this pod took last, which it commits only with its state. */
          taken: count.optional(),
        }),
      ),
    })
    .optional(),
  p99Ms: z.number().optional(),
  fanOut: z
    .object({ postsInFlight: count, followersDone: count, followersLeft: count, expectedMs: count.optional() })
    .optional(),
  blend: z.object({ realTime: z.number(), offline: z.number(), labels: count }).optional(),
  rollout: z.record(z.string(), z.unknown()).optional(),
  variants: z
    .array(
      z.object({
        name: z.string(),
        shadow: z.boolean(),
        share: z.number(),
        sha256: z.string().optional(),
        problem: z.string().optional(),
        drift: z
          .object({
            score: z.number(),
            worstFeature: z.string().optional(),
            worstFeaturePsi: z.number(),
            problem: z.string().optional(),
          })
          .optional(),
      }),
    )
    .optional(),
});
export type ProgramReport = z.output<typeof ProgramReport>;
