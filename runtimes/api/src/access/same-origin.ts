import { ProblemError } from '@groundswell/http';
import type { Context } from 'hono';

/**
 * A page of another site that is open in the same browser must change nothing.
 * @param without  whether a request may come without an origin, as of a program: browsers send it with all that changes something
 * @throws ProblemError
 */
export const checkSameOrigin = (c: Context, { without = false }: { readonly without?: boolean } = {}): void => {
  const origin = c.req.header('origin');
  if (origin === undefined ? without : URL.parse(origin)?.host === c.req.header('host')) return;
  throw new ProblemError(
    403,
    `Cannot ${c.req.method} ${c.req.path}: it is asked by a page of ${(origin ?? 'nowhere').slice(0, 100)}, our own or a key with the scope "operate" is needed`,
    { 'www-authenticate': 'Bearer realm="groundswell"' },
  );
};
