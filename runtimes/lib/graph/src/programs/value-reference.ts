import { z } from 'zod';

/**
 * A value in a Secret or ConfigMap. Programs hold only the reference: in a pod it is a file that the operator mounts, on a
 * laptop a variable of the environment or a file.
 */
export const ValueReference = z.strictObject({
  from: z.enum(['secret', 'configMap']),
  name: z.string(),
  key: z.string(),
});
export type ValueReference = z.output<typeof ValueReference>;

/** All values that a program refers to, each once, in the order in which they stand in it. */
export const valuesOf = (program: object): readonly ValueReference[] => {
  const found = new Map<string, ValueReference>();
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const reference = 'from' in value && 'key' in value ? ValueReference.safeParse(value).data : undefined;
    if (reference !== undefined) found.set(JSON.stringify(reference), reference);
    else for (const member of Object.values(value)) walk(member);
  };
  walk(program);
  return [...found.values()];
};
