import { ScoreResponse } from '@groundswell/wire';
import type { ScoreItems } from './score-items.ts';

/** The scorer of a model over its HTTP door. @param urlOf  where the scorer of a model takes requests */
export const askScorer =
  (urlOf: (model: string) => string): ScoreItems =>
  async (request, timeoutMs) => {
    const answer = await fetch(`${urlOf(request.model)}/v1/score`, {
      method: 'POST',
      body: JSON.stringify(request),
      headers: { 'content-type': 'application/json' },
      signal: AbortSignal.timeout(Math.max(1, Math.round(timeoutMs))),
    });
    if (answer.status === 200) return ScoreResponse.parse(await answer.json());
    const said = (await answer.text()).slice(0, 500);
    throw new Error(`Cannot score items by "${request.model}": its scorer answers ${answer.status} (${said})`);
  };
