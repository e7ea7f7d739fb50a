import type { ModelView } from '@groundswell/graph';
import { ProblemError } from '@groundswell/http';
import { ModelCard, ModelCards, RolloutHistory, RolloutStatus, Rollouts, type ServedVariant } from '@groundswell/wire';
import { z } from 'zod';
import { textOf } from '../contract/parameters.ts';
import { type Route, route } from '../contract/route.ts';
import { modelOf } from '../queries.ts';
import type { RouteParts } from './parts.ts';

const ofModel = z.strictObject({ model: textOf(253).describe('A ScoringModel.') });

export const modelRoutes = (parts: RouteParts): readonly Route[] => {
  const { program, readings, guarded } = parts;
  const cardsOf = async (models: readonly ModelView[]): Promise<ModelCard[]> => {
    const served = await guarded(() => readings.served(models.map(({ name }) => name)));
    return models.map((model, i) => cardOf(model, served[i] ?? {}));
  };
  return [
    route({
      ...{ method: 'get', path: '/v1/models', id: 'listModels', tag: 'Models', cached: true },
      summary: 'The models of the pipeline',
      answer: { status: 200, what: 'The one that is shown first is first.', schema: ModelCards },
      handle: async () => ({ models: await cardsOf(program().models) }),
    }),
    route({
      ...{ method: 'get', path: '/v1/models/{model}', id: 'readModel', tag: 'Models', cached: true },
      summary: 'What a model reads, predicts and is served by',
      params: ofModel,
      answer: { status: 200, what: 'Its card.', schema: ModelCard },
      problems: { 404: 'There is no such model.' },
      handle: async ({ params }) => {
        const [card] = await cardsOf([modelOf(params, program())]);
        return card;
      },
    }),
    route({
      ...{ method: 'get', path: '/v1/rollouts', id: 'listRollouts', tag: 'Models', cached: true },
      summary: 'Where the rollouts are',
      answer: { status: 200, what: 'One for each model that has one.', schema: Rollouts },
      handle: async () => ({ rollouts: await guarded(() => readings.rollouts(namesOf(program()))) }),
    }),
    route({
      ...{ method: 'get', path: '/v1/rollouts/{model}', id: 'readRollout', tag: 'Models', cached: true },
      summary: 'Where the rollout of a model is',
      params: ofModel,
      answer: { status: 200, what: 'Step, verdict with its numbers, measures of both.', schema: RolloutStatus },
      problems: { 404: 'There is no such model, or it has no rollout.' },
      handle: async ({ params }) => {
        const { name: model } = modelOf(params, program());
        const [found] = await guarded(() => readings.rollouts([model]));
        if (found !== undefined) return found;
        throw new ProblemError(
          404,
          `Cannot show a rollout of model "${model}": it has none, or has scored nothing yet`,
        );
      },
    }),
    route({
      ...{ method: 'get', path: '/v1/rollouts/{model}/history', id: 'readRolloutHistory', tag: 'Models' },
      ...{ cached: true },
      summary: 'How the evidence of a rollout grew',
      params: ofModel,
      answer: { status: 200, what: 'One point for each look at it.', schema: RolloutHistory },
      problems: { 404: 'There is no such model.' },
      handle: ({ params }) => guarded(() => readings.rolloutHistory(modelOf(params, program()).name)),
    }),
  ];
};

const namesOf = ({ models }: { readonly models: readonly ModelView[] }): readonly string[] =>
  models.map(({ name }) => name);

const cardOf = (
  { name, features, outcome, atMs, variants }: ModelView,
  served: Readonly<Record<string, ServedVariant>>,
): ModelCard => ({
  model: name,
  features: features.map(({ name, from, default: whenMissing }) => ({ name, from, default: whenMissing ?? null })),
  predicts: outcome === undefined ? null : predictsOf(outcome),
  ages_ms: [...atMs],
  variants: variants.map((variant) => ({ ...variant, training: null, ...served[variant.name] })),
});

const predictsOf = ({ name, rule }: NonNullable<ModelView['outcome']>): NonNullable<ModelCard['predicts']> => ({
  outcome: name,
  at_least: rule.atLeast,
  of: rule.kind === 'count' ? rule.where : rule.field,
  within_ms: rule.maturityMs,
});
