import type { Problem } from '@groundswell/wire';

const titles = {
  400: 'Bad Request',
  401: 'Unauthorized',
  405: 'Method Not Allowed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
} as const;

/** A request that cannot be taken: the sender gets `status` and the message. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly status: keyof typeof titles;
  constructor(status: keyof typeof titles, message: string) {
    super(message);
    this.status = status;
  }
}

/** Pages of other sites report to us: no cookies are looked at, so any origin may. */
const cors = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'POST, OPTIONS',
  'access-control-allow-headers': 'authorization, content-encoding, content-type, idempotency-key, x-api-key',
  'access-control-max-age': '86400',
};

export const answerJson = (status: number, body: object): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...cors },
  });

/** An error body by RFC 9457. */
export const answerProblem = (
  { status, message }: RefusedError,
  headers: Readonly<Record<string, string>> = {},
): Response => {
  const body: Problem = { type: 'about:blank', title: titles[status], status, detail: message };
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...cors, ...headers },
  });
};

export const answerPreflight = (): Response => new Response(null, { status: 204, headers: cors });
