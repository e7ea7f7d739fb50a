import type { Context } from 'hono';
import type { z } from 'zod';
import { ProblemError } from './problem.ts';

/** The body of a request, by its schema. @throws ProblemError 400 where it is no JSON or not right */
export const bodyOf = async <T>(c: Context, schema: z.ZodType<T>): Promise<T> => {
  const value: unknown = await c.req.json().catch(() => {
    throw new ProblemError(400, `Cannot take ${c.req.path}: the body is no JSON, an object is needed`);
  });
  return checked(c, schema, value);
};

/** What others sent, by its schema. @throws ProblemError 400, with all that is not right */
export const checked = <T>(c: Context, schema: z.ZodType<T>, value: unknown): T => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const said = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`);
  throw new ProblemError(400, `Cannot take ${c.req.path}: ${said.join('; ')}`);
};
