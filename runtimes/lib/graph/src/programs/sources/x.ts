import { z } from 'zod';
import { Millis } from '../program.ts';
import { ValueReference } from '../value-reference.ts';

/** X, API v2. */
export const XReader = z.strictObject({
  kind: z.literal('x'),
  stream: z.enum(['filtered', 'sample']),
  token: ValueReference,
  endpoint: z.string(),
  /** Of the filtered stream. Live, as is what to do with others of the account. */
  rules: z.array(z.strictObject({ name: z.string(), value: z.string() })),
  foreignRules: z.enum(['Keep', 'Remove', 'Refuse']),
  backfillMinutes: z.number().int().min(0).max(5),
  redundant: z.boolean(),
  heartbeatTimeoutMs: Millis,
  compliance: z.boolean(),
  /** What may be read. When it is used up all the same, the stream is left until there is some again. Live. */
  quota: z
    .strictObject({
      perMonth: z.number().int().min(1).optional(),
      perDay: z.number().int().min(1).optional(),
      /** Day of the month on which the billing month begins, UTC. */
      resetDay: z.number().int().min(1).max(28),
      /** Kept back, of each. */
      reservePercent: z.number().min(0).max(100),
      /** Before it is used up: `sample` asks X for fewer posts, so that it lasts. */
      whenShort: z.enum(['sample', 'pause']),
    })
    .optional(),
});
export type XReader = z.output<typeof XReader>;
