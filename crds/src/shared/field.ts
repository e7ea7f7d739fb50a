import type { z } from 'zod';

/**
 * What a change of a field does to what runs.
 * Live: in force within two seconds, nothing restarts.
 * Rolling: pods are replaced one after another, and go on from saved state; nothing is lost.
 * Recreate: what was built under the old value (state, topic, keys) is built anew beside it; readers switch when the new one is warm.
 */
export const changes = ['Live', 'Rolling', 'Recreate'] as const;
export type Change = (typeof changes)[number];

/** Key of the change in a schema's metadata. The filter leaves it out of the CRD, where only the description says it. */
export const changeKey = 'x-groundswell-change';

const field =
  (change: Change) =>
  <T extends z.ZodType>(schema: T, text: string): T =>
    schema.meta({ description: `${text} ${change}.`, [changeKey]: change });

export const live = field('Live');
export const rolling = field('Rolling');
export const recreate = field('Recreate');
