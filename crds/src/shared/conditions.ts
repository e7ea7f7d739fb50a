import { z } from 'zod';
import { listOf } from './collections.ts';

/** metav1.Condition. Positive polarity: `True` is well; `Reconciling` and `Stalled` are there only when true. */
export const Condition = z.strictObject({
  type: z
    .string()
    .max(316)
    .regex(
      /^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/,
    )
    .describe('What the condition is about, in CamelCase.'),
  status: z.enum(['True', 'False', 'Unknown']).describe('Whether it holds.'),
  observedGeneration: z.int().min(0).optional().describe('Generation of the resource that this was decided for.'),
  lastTransitionTime: z.string().max(64).meta({ format: 'date-time' }).describe('When the status last changed.'),
  reason: z
    .string()
    .min(1)
    .max(1024)
    .regex(/^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$/)
    .describe('Why, as one word for programs.'),
  message: z.string().max(32_768).describe('Why, for people.'),
});
export type Condition = z.output<typeof Condition>;

const conditions = () =>
  z
    .array(Condition)
    .max(32)
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['type'] })
    .describe('Conditions by type; Ready sums up the others.');

/** What the status of every kind has. */
export const commonStatus = {
  observedGeneration: z.int().min(0).optional().describe('Generation of the spec that this status speaks of.'),
  phase: z
    .enum(['Pending', 'Running', 'Degraded', 'Suspended', 'Failed', 'Deleting'])
    .optional()
    .describe('Summary for people. Programs read the conditions.'),
  message: z.string().max(1024).optional().describe('The most important thing to know, in one sentence.'),
  conditions: conditions().optional(),
  revisions: listOf(
    z.strictObject({
      program: z.string().max(128).describe('Name of the program.'),
      wanted: z.string().max(64).describe('Revision that it should run.'),
      running: z.string().max(64).optional().describe('Revision that it reports.'),
      acknowledgedAt: time().optional().describe('When all its pods had reported it.'),
    }),
    { max: 256 },
  )
    .optional()
    .describe('Which revision of its configuration each program runs.'),
  lastFailure: z
    .strictObject({
      reason: z.string().max(128).describe('Why, as one word.'),
      message: z.string().max(4096).describe('Why, for people.'),
      pod: z.string().max(253).optional().describe('Pod that failed.'),
      time: time().describe('When.'),
    })
    .optional()
    .describe('The last failure of a pod, also when it has recovered.'),
};

/** What the status of a kind with `/scale` has. */
export const scaleStatus = {
  replicas: z.int().min(0).optional().describe('Pods that exist.'),
  readyReplicas: z.int().min(0).optional().describe('Pods that are ready.'),
  desiredReplicas: z.int().min(0).optional().describe('Pods that there should be, by the newest decision.'),
  selector: z.string().max(1024).optional().describe('Label selector of the pods, for /scale.'),
  scaling: z
    .strictObject({
      decidedAt: time().describe('When.'),
      from: z.int().min(0).describe('Replicas before.'),
      to: z.int().min(0).describe('Replicas after.'),
      reason: z.string().max(128).describe('Why, as one word.'),
      message: z.string().max(1024).describe('The inputs that the decision was made from.'),
      applied: z.boolean().describe('False where autoscaling only recommends.'),
    })
    .optional()
    .describe('The newest scaling decision.'),
};

/** The ledger of semantics: `in` is the sum of the others. */
export const ledgerStatus = () =>
  z.strictObject({
    in: z.int().min(0).describe('Events taken.'),
    aggregated: z.int().min(0).describe('Events that counted in a window or were given on.'),
    late: z.int().min(0).describe('Events that came too late.'),
    filtered: z.int().min(0).describe('Events that a condition left out.'),
    duplicate: z.int().min(0).describe('Repeats.'),
    deadLettered: z.int().min(0).describe('Events that could not be used.'),
  });

/** A moment, as the API server writes it. */
export function time() {
  return z.string().max(64).meta({ format: 'date-time' });
}
