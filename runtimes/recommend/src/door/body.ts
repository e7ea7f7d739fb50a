import { ProblemError, readBody } from '@groundswell/http';
import type { z } from 'zod';

/** 100,000 ids of 60 bytes: what is too many is counted, and said with the number that is allowed. */
const maxBytes = 8_388_608;

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
  const needed = `the body is larger than ${maxBytes} bytes, a smaller one is needed`;
  const bytes = await readBody(request, maxBytes, () => new ProblemError(413, `Cannot take ${path}: ${needed}`));
  return new TextDecoder().decode(bytes);
};

const jsonOf = (text: string, path: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new ProblemError(400, `Cannot take ${path}: the body is no JSON, an object is needed`);
  }
};
