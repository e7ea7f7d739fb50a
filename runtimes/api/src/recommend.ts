import type { ApiProgram } from '@groundswell/graph';
import { ProblemError } from '@groundswell/http';
import type { Logger } from '@groundswell/process';
import { recommendMaxBytes } from '@groundswell/wire';
import type { Context, Hono } from 'hono';
import type { Guard } from './access/guard.ts';
import type { ApiEnv } from './contract/route.ts';
import { limitedBody } from './contract/serve.ts';

/** Finds what answers requests for a Recommender. */
export type FindRecommender = (name: string) => ((request: Request) => Promise<Response>) | undefined;

interface RecommendRoutes {
  readonly program: () => ApiProgram;
  readonly recommender: FindRecommender;
  readonly logger: Logger;
  readonly guard: Guard;
}

/** Longest wait for a pod that answers within its own limit, or is not there, ms. */
const timeoutMs = 10_000;

/** Passes requests on to the Services of recommenders. @param hostOf  Service of a recommender */
export const askService =
  (hostOf: (name: string) => string): FindRecommender =>
  (name) =>
  async (request) => {
    const { pathname } = new URL(request.url);
    const { method } = request;
    const body = await request.arrayBuffer();
    const signal = AbortSignal.timeout(timeoutMs);
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`http://${hostOf(name)}${pathname}`, { method, body, headers, signal });
    return new Response(answer.body, {
      status: answer.status,
      headers: {
        'content-type': answer.headers.get('content-type') ?? 'application/json',
        'cache-control': 'no-store',
      },
    });
  };

/** Requests for recommendations, which another program answers. */
export const addRecommend = (app: Hono<ApiEnv>, { program, recommender, logger, guard }: RecommendRoutes): void => {
  const passOn = async (c: Context): Promise<Response> => {
    const query = c.req.query();
    const unknown = Object.keys(query).find((name) => name !== 'recommender');
    if (unknown !== undefined)
      throw new ProblemError(400, `Cannot answer ${c.req.path}: "${unknown}" is no parameter of it, "recommender" is`);
    const name = recommenderOf(query, program().recommenders ?? []);
    const unreachable = `Cannot reach the recommender "${name}": it does not run or does not answer, try again in a few seconds`;
    const answer = recommender(name);
    if (answer === undefined) throw new ProblemError(503, unreachable);
    try {
      return await answer(c.req.raw);
    } catch (err) {
      logger.warn({ err, recommender: name }, 'cannot reach a recommender');
      throw new ProblemError(503, unreachable);
    }
  };
  const limited = limitedBody(() => Math.max(recommendMaxBytes, program().access.maxBodyBytes));
  app.post('/v1/recommend', guard('read'), limited, passOn);
  app.put('/v1/interests', guard('write'), limited, passOn);
};

const recommenderOf = ({ recommender: wanted }: Readonly<Record<string, string>>, known: readonly string[]): string => {
  const [first] = known;
  if (first === undefined)
    throw new ProblemError(404, 'Cannot recommend: the pipeline has no Recommender, one is needed');
  if (wanted === undefined || known.includes(wanted)) return wanted ?? first;
  throw new ProblemError(
    404,
    `Cannot find the recommender "${wanted.slice(0, 64)}": the pipeline has ${known.map((name) => `"${name}"`).join(', ')}, one of them is needed`,
  );
};
