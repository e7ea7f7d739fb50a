import { z } from 'zod';
import { Cel, Millis } from './program.ts';
import { ValueReference } from './value-reference.ts';

/** What is done to the order. CEL sees `post` and `user`. */
export const RankingRule = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('diversity'),
    name: z.string(),
    maxPerAuthor: z.number().int().min(1),
    inFirst: z.number().int().min(1),
  }),
  z.strictObject({ kind: z.literal('dropSeen'), name: z.string(), forMs: Millis }),
  /** Ids of items and authors, one a line. */
  z.strictObject({ kind: z.literal('block'), name: z.string(), list: ValueReference }),
  z.strictObject({ kind: z.literal('where'), name: z.string(), where: Cel }),
  z.strictObject({ kind: z.literal('boost'), name: z.string(), where: Cel, factor: z.number().min(0) }),
]);
export type RankingRule = z.output<typeof RankingRule>;
