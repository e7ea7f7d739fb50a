import { Problem, type Problem as ProblemBody } from '@groundswell/wire';
import type { z } from 'zod';

/** An answer takes so long at most, ms. */
const waitMs = 10_000;

const needed = 'the API of a pipeline is needed';

const causeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
};

const problemIn = async (response: Response): Promise<ProblemBody | undefined> =>
  Problem.safeParse(await response.json().catch(() => undefined)).data;

/** Not an argument: those are for everybody on the machine to see. */
const keyVariable = 'GROUNDSWELL_API_KEY';

/** @throws Error that says what is needed, where nothing answers or the API refuses */
export const request = async (url: string, path: string, init: RequestInit = {}): Promise<Response> => {
  const key = process.env[keyVariable];
  const headers = { ...(key !== undefined && { authorization: `Bearer ${key}` }) };
  const response = await fetch(`${url.replace(/\/$/, '')}${path}`, { ...init, headers }).catch((cause: unknown) => {
    const why = `${causeOf(cause)}, start a pipeline with an API (groundswell up) or name another with --url`;
    throw new Error(`Cannot ask ${url}: ${why}`, { cause });
  });
  if (response.ok) return response;
  const said =
    (await problemIn(response))?.detail ?? `Cannot ask ${url}${path}: it answers ${response.status}, ${needed}`;
  throw new Error(response.status === 401 ? `${said} (here in the variable ${keyVariable})` : said);
};

/** What the API of a running pipeline answers. */
export const ask = async <T>(url: string, path: string, schema: z.ZodType<T>): Promise<T> => {
  const response = await request(url, path, { signal: AbortSignal.timeout(waitMs) });
  const parsed = schema.safeParse(await response.json().catch(() => undefined));
  if (parsed.success) return parsed.data;
  throw new Error(`Cannot ask ${url}${path}: what it answers is something else, ${needed}`);
};
