import { z } from 'zod';
import { Cel, Millis } from '../program.ts';
import { ValueReference } from '../value-reference.ts';

/** Unit of what a mapping gives for times; ISO without a zone is UTC. */
export const TimeUnit = z.enum(['s', 'ms', 'us', 'iso']);

/** Events that others push. */
export const HttpReader = z.strictObject({
  kind: z.literal('http'),
  path: z.string(),
  /** Keys that may send, one a line. Absent together with `hmac`: whoever reaches it may send. */
  apiKeys: ValueReference.optional(),
  hmac: z.strictObject({ secret: ValueReference, header: z.string() }).optional(),
  /** SocialEvent field → CEL over `row`. Absent: senders send our events. */
  mapping: z.record(z.string(), Cel).optional(),
  /** With `mapping` only. */
  timeUnit: TimeUnit.optional(),
  /** Of a request. Live, as are the next two. */
  maxBatch: z.number().int().min(1),
  maxBodyBytes: z.number().int().min(1),
  /** A request that would wait longer is refused. */
  maxBehindMs: Millis,
});
export type HttpReader = z.output<typeof HttpReader>;
