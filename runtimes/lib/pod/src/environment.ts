import type { z } from 'zod';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a configuration from the environment; `names` says which variable each field comes from.
 *
 * @throws Error that lists every variable that is missing or wrong; values are not repeated, a URL may hold a password
 */
export const readEnvironment = <T extends object>(
  schema: z.ZodType<T>,
  names: Readonly<Record<keyof T & string, string>>,
  env: Environment,
): T => {
  const given = Object.fromEntries(Object.entries<string>(names).map(([field, name]) => [field, env[name]]));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${names[path[0] as keyof T & string]}: ${message}`);
  throw new Error(`Cannot read the environment: ${problems.join('; ')}`);
};
