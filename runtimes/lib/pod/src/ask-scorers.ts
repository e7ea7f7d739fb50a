import { serviceOf } from '@groundswell/graph';
import { type ScoreRequest, ScoreResponse } from '@groundswell/wire';

/**
 * Scores by a ScoringModel: its scorer reads the features of all that is named in one go, and runs them together through the
 * variants that serve. In one process it is called, from a pod it is asked over HTTP.
 *
 * @param timeoutMs  what is left of the time of the request
 * @throws Error where it cannot, or not in time
 */
export type ScoreItems = (
  request: ScoreRequest & { readonly model: string },
  timeoutMs: number,
) => Promise<ScoreResponse>;

/** Where the scorer of a model takes requests in a cluster; `{scorer}` stands for its Service. */
export const scorersUrl = 'http://{scorer}:8000';

/** The scorers of a pipeline over their HTTP doors. @param scorers  as `scorersUrl` */
export const askScorers =
  (pipeline: string, scorers: string): ScoreItems =>
  async (request, timeoutMs) => {
    const { model } = request;
    const url = scorers.replace('{scorer}', serviceOf({ pipeline, name: `scorer-${model}` }));
    const answer = await fetch(`${url}/v1/score`, {
      method: 'POST',
      body: JSON.stringify(request),
      headers: { 'content-type': 'application/json' },
      signal: AbortSignal.timeout(Math.max(1, Math.round(timeoutMs))),
    });
    if (answer.status === 200) return ScoreResponse.parse(await answer.json());
    const said = (await answer.text()).slice(0, 500);
    throw new Error(`Cannot score by "${model}": its scorer answers ${answer.status} (${said})`);
  };
