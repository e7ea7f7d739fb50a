import { ProblemError } from '@groundswell/http';
import type { z } from 'zod';

const quoted = (value: unknown): string => `"${String(value).slice(0, 64)}"`;

/**
 * Parameters that passed their schema. A misspelt one is refused: silently ignored, it would look as if it worked.
 * @throws ProblemError
 */
export const checkedParameters = <T>(
  path: string,
  schema: z.ZodType<T>,
  given: Readonly<Record<string, string>>,
): T => {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const said = parsed.error.issues.map((issue) => {
    if (issue.code === 'unrecognized_keys') return strangerIn(issue.keys, schema);
    const name = String(issue.path[0]);
    const value = given[name];
    return value === undefined ? `"${name}" is missing` : `${name} is ${quoted(value)}, ${issue.message}`;
  });
  throw new ProblemError(400, `Cannot answer ${path}: ${said.join('; ')}`);
};

const strangerIn = (names: readonly string[], schema: z.ZodType): string => {
  const known = 'shape' in schema ? Object.keys(schema.shape as object) : [];
  const needed = known.length === 0 ? 'no parameter is taken' : `one of ${known.join(', ')} is needed`;
  return `the parameter ${quoted(names[0])} is not known, ${needed}`;
};

/** @throws ProblemError */
export const checkedBody = <T>(path: string, schema: z.ZodType<T>, given: unknown): T => {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const said = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the whole'}: ${issue.message}`);
  throw new ProblemError(400, `Cannot take ${path}: ${said.join('; ')}`);
};
