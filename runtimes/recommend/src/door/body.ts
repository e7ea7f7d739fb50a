import { ProblemError, readBody } from '@groundswell/http';
import { recommendMaxBytes } from '@groundswell/wire';
import type { z } from 'zod';

/** The body as its schema wants it. @throws ProblemError */
export const bodyOf = async <T>(request: Request, schema: z.ZodType<T>): Promise<T> => {
  const { pathname } = new URL(request.url);
  const parsed = schema.safeParse(jsonOf(await textOf(request, pathname), pathname));
  if (parsed.success) return parsed.data;
  const said = parsed.error.issues
    .slice(0, 5)
    .map(({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`);
  throw new ProblemError(400, `Cannot take ${pathname}: ${said.join('; ')}`);
};

const textOf = async (request: Request, path: string): Promise<string> => {
  const needed = `the body is larger than ${recommendMaxBytes} bytes, a smaller one is needed`;
  const bytes = await readBody(
    request,
    recommendMaxBytes,
    () => new ProblemError(413, `Cannot take ${path}: ${needed}`),
  );
  return new TextDecoder().decode(bytes);
};

const jsonOf = (text: string, path: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new ProblemError(400, `Cannot take ${path}: the body is no JSON, an object is needed`);
  }
};
