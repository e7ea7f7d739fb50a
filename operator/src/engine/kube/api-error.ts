import { z } from 'zod';

/** What the API server says of a request that it does not grant. */
const Status = z.looseObject({
  reason: z.string().default(''),
  message: z.string().default(''),
  details: z.looseObject({ retryAfterSeconds: z.number().optional() }).nullish(),
});

/** The API server answered, and not as was hoped. Network errors are thrown as they come. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** HTTP status. */
  readonly code: number;
  /** As in metav1.Status: `Conflict`, `Expired`, … */
  readonly reason: string;
  readonly retryAfterMs: number | undefined;

  constructor(what: string, code: number, body: string) {
    const { reason, message, details } = statusOf(body);
    super(`Cannot ${what}: the API server answers ${code}${message === '' ? '' : `, ${message}`}`);
    this.code = code;
    this.reason = reason;
    const seconds = details?.retryAfterSeconds;
    this.retryAfterMs = seconds === undefined ? undefined : seconds * 1_000;
  }
}

const statusOf = (body: string): z.output<typeof Status> => {
  try {
    return Status.parse(JSON.parse(body));
  } catch {
    return { reason: '', message: body.trim().slice(0, 200), details: undefined };
  }
};

export const hasCode = (error: unknown, code: number): boolean => error instanceof ApiError && error.code === code;
export const isNotFound = (error: unknown): boolean => hasCode(error, 404);
export const isConflict = (error: unknown): boolean => hasCode(error, 409);
/** The place in the history from which somebody wanted to go on is no longer kept. */
export const isGone = (error: unknown): boolean => hasCode(error, 410);
