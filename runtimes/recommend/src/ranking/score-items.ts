import type { ScoreRequest, ScoreResponse } from '@groundswell/wire';

/**
 * Scores items by a ScoringModel: its scorer reads the features of all of them in one go, and runs them together through the
 * variant of the user. In one process it is called, from a pod it is asked over HTTP.
 *
 * @param timeoutMs  what is left of the time of the request
 * @throws Error where it cannot, or not in time
 */
export type ScoreItems = (
  request: ScoreRequest & { readonly model: string },
  timeoutMs: number,
) => Promise<ScoreResponse>;
