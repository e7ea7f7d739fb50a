import { ProblemError } from '@groundswell/http';
import type { ScoreItems } from '@groundswell/pod';
import type { Logger } from '@groundswell/process';
import { type PostScore, type Prediction, WhatIf, WhatIfRequest } from '@groundswell/wire';
import { z } from 'zod';
import { modelName, textOf } from '../contract/parameters.ts';
import { type Route, route } from '../contract/route.ts';
import { modelOf } from '../queries.ts';
import { answerOf } from '../top.ts';
import type { RouteParts } from './parts.ts';

/** Longest wait for a scorer, ms. */
const timeoutMs = 5_000;

type Vector = Prediction['vector'];
type Changes = z.output<typeof WhatIfRequest>['changes'];

export const whatIfRoutes = (parts: RouteParts & { readonly logger: Logger }): readonly Route[] => {
  const { program, readings, guarded, scoreItems, logger } = parts;
  return [
    route({
      ...{ method: 'post', path: '/v1/predictions/{id}/what-if', id: 'askWhatIf', tag: 'Scores' },
      // It changes nothing.
      scope: 'read',
      summary: 'How a post would score if features of it were others',
      params: z.strictObject({ id: textOf(512).describe('Of the post.') }),
      query: z.strictObject({ model: modelName() }),
      body: WhatIfRequest,
      answer: { status: 200, what: 'Both scores by the variant that serves now, and why.', schema: WhatIf },
      problems: {
        404: 'There is no such model, it has scored no such post, or the post expired.',
        409: 'The model has other features than when the post was scored, or gives no score.',
      },
      handle: async ({ params: { id }, query, body: { changes } }): Promise<WhatIf> => {
        const view = modelOf(query, program());
        const { name: model } = view;
        const newest = answerOf((await guarded(() => readings.predictions(view, id)))?.predictions ?? []);
        if (newest === undefined)
          throw new ProblemError(404, `Cannot ask what if: model "${model}" has scored no post "${id}", or it expired`);
        const names = view.features.map(({ name }) => name);
        const { vector, scored_at } = newest;
        const changed = changedOf(vector, names, changes);
        const [before, after] = await ask({ scoreItems, logger }, newest, [vector, changed]);
        return {
          ...{ model, post_id: id, variant: after.variant, scored_at, before: before.score, score: after.score },
          features: names.map((name, i) => ({ name, value: vector[i] ?? null, what_if: changed[i] ?? null })),
          why: [...after.why],
        };
      },
    }),
  ];
};

/** @throws ProblemError */
const changedOf = (vector: Vector, names: readonly string[], changes: Changes): Vector => {
  if (vector.length !== names.length)
    throw new ProblemError(
      409,
      `Cannot ask what if: the post was scored by ${vector.length} features, the model has ${names.length} now, a newer score is needed`,
    );
  const stranger = Object.keys(changes).find((name) => !names.includes(name));
  if (stranger !== undefined)
    throw new ProblemError(
      400,
      `Cannot ask what if: "${stranger.slice(0, 64)}" is no feature of the model, one of ${names.join(', ')} is needed`,
    );
  return vector.map((value, i) => {
    const name = names[i] ?? '';
    return Object.hasOwn(changes, name) ? (changes[name] ?? null) : value;
  });
};

interface Scorers {
  readonly scoreItems: ScoreItems | undefined;
  readonly logger: Logger;
}

interface Scored {
  readonly score: number;
  readonly variant: string;
  readonly why: NonNullable<PostScore['why']>;
}

/** Both are asked for at once, so that one variant gives both. @throws ProblemError */
const ask = async (
  { scoreItems, logger }: Scorers,
  { model, post_id }: Prediction,
  vectors: readonly [Vector, Vector],
): Promise<readonly [Scored, Scored]> => {
  const request = { model, as_if: vectors.map((vector) => ({ post_id, vector })), why: true };
  const answer = await scoreItems?.(request, timeoutMs).catch((err: unknown) => {
    logger.warn({ err, model }, 'cannot reach a scorer');
  });
  if (answer === undefined)
    throw new ProblemError(
      503,
      `Cannot ask the scorer of "${model}": it does not run, does not answer, or takes no requests over HTTP (serving.protocols); try again in a few seconds`,
    );
  return [scoredIn(answer.scores[0]), scoredIn(answer.scores[1])];
};

const scoredIn = ({ score = null, variant = '', why = [], problem = '' }: Partial<PostScore> = {}): Scored => {
  if (score === null) throw new ProblemError(409, problem);
  return { score, variant, why };
};
