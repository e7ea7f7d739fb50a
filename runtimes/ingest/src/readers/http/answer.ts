import { type ProblemError, problemResponse } from '@groundswell/http';

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

export const answerProblem = (error: ProblemError): Response => {
  const response = problemResponse(error);
  for (const [name, value] of Object.entries(cors)) response.headers.set(name, value);
  return response;
};

export const answerPreflight = (): Response => new Response(null, { status: 204, headers: cors });
