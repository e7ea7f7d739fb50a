import { z } from 'zod';
import { name } from './scalars.ts';

const timestamp = () => z.string();

/**
 * Kubernetes' ObjectMeta. What users write is checked; what the API server adds is let through.
 * The CRD says nothing of it: the API server has its own schema, and a rule on the whole object checks the name.
 */
export const Metadata = z.strictObject({
  name: name(),
  namespace: z.string().max(63).optional(),
  labels: z.record(z.string(), z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
  finalizers: z.array(z.string()).optional(),
  ownerReferences: z.array(z.looseObject({})).optional(),
  uid: z.string().optional(),
  resourceVersion: z.string().optional(),
  generation: z.int().optional(),
  creationTimestamp: timestamp().nullish(),
  deletionTimestamp: timestamp().nullish(),
  deletionGracePeriodSeconds: z.int().nullish(),
  generateName: z.string().optional(),
  managedFields: z.array(z.looseObject({})).optional(),
  selfLink: z.string().optional(),
});
export type Metadata = z.output<typeof Metadata>;
