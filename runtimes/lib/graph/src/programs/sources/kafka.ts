import { z } from 'zod';
import { Cel } from '../program.ts';
import { ValueReference } from '../value-reference.ts';
import { TimeUnit } from './http.ts';

/** Another team's topic. */
export const KafkaReader = z.strictObject({
  kind: z.literal('kafka'),
  /** Empty: those of the pipeline. */
  brokers: z.array(z.string()),
  topic: z.string(),
  group: z.string(),
  startFrom: z.enum(['earliest', 'latest']),
  /** SocialEvent field → CEL over `row`, the JSON value of a record. Without `id`, an event is named by its offset. */
  mapping: z.record(z.string(), Cel),
  timeUnit: TimeUnit,
  sasl: z
    .strictObject({
      mechanism: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']),
      username: ValueReference,
      password: ValueReference,
    })
    .optional(),
  /** Empty: trusts the usual authorities. */
  tls: z
    .strictObject({
      ca: ValueReference.optional(),
      certificate: ValueReference.optional(),
      key: ValueReference.optional(),
      /** Name that the server proves, where it is not the host. */
      serverName: z.string().optional(),
      /** Takes any certificate. */
      verify: z.literal(false).optional(),
    })
    .optional(),
});
export type KafkaReader = z.output<typeof KafkaReader>;
