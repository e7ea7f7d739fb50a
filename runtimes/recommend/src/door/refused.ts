import type { Problem } from '@groundswell/wire';

const titles = {
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Content Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const;

/** The client gets `status` and the message; nothing is logged. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly status: keyof typeof titles;
  constructor(status: keyof typeof titles, detail: string) {
    super(detail);
    this.status = status;
  }
}

/** An error body by RFC 9457. */
export const problemOf = ({ status, message }: RefusedError): Response => {
  const body: Problem = { type: 'about:blank', title: titles[status], status, detail: message };
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
  });
};
