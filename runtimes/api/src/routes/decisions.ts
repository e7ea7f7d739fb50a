import { ProblemError } from '@groundswell/http';
import type { Logger } from '@groundswell/process';
import { RolloutDecision, type RolloutStatus } from '@groundswell/wire';
import { z } from 'zod';
import { textOf } from '../contract/parameters.ts';
import { type Route, route } from '../contract/route.ts';
import { modelOf } from '../queries.ts';
import type { RouteParts } from './parts.ts';

/** A person's word about a rollout, for whoever runs the programs. */
export interface RolloutWish {
  readonly model: string;
  readonly decision: RolloutDecision['decision'];
  /** Digest of the challenger, and step, that the person saw: said twice, it counts once. */
  readonly challenger: string;
  readonly step: number;
}

export interface Deciding {
  /** Absent where the resources alone say what happens, as in a cluster. */
  readonly decide: ((wish: RolloutWish) => void) | undefined;
  readonly logger: Logger;
}

const verbs = { promote: 'promote', abort: 'give up' } as const;

const checkCurrent = (found: RolloutStatus, { decision, challenger, step }: RolloutDecision): void => {
  const cannot = `Cannot ${verbs[decision]} the challenger of "${found.model}"`;
  if (found.challenger.sha256 !== challenger || found.step !== step)
    throw new ProblemError(
      409,
      `${cannot}: the rollout has moved on to step ${found.step} of ${found.challenger.sha256.slice(0, 12)}, look again`,
    );
  // Within the time in which the former champion is kept, a promotion is taken back.
  const isOver = found.phase === 'Aborted' || (found.phase === 'Promoted' && decision === 'promote');
  if (isOver) throw new ProblemError(409, `${cannot}: it is ${found.phase.toLowerCase()} already, a new one is needed`);
};

/** Decisions of people. Who may take them is for keys to say; what was decided, by whom and why, stands in the log. */
export const decisionRoutes = (parts: RouteParts & Deciding): readonly Route[] => {
  const { program, readings, guarded, decide, logger } = parts;
  return [
    route({
      ...{ method: 'post', path: '/v1/rollouts/{model}/decisions', id: 'decideRollout', tag: 'Models' },
      scope: 'operate',
      summary: 'Let a challenger pass the wait that it stands at, or give it up',
      params: z.strictObject({ model: textOf(253).describe('A ScoringModel.') }),
      body: RolloutDecision,
      answer: { status: 204, what: 'Asked for: the rollout does so with its next look.' },
      problems: {
        404: 'There is no such model, or it has no rollout.',
        409: 'The rollout has moved on, or resources alone decide here: the detail says how.',
      },
      handle: async ({ params, body, context }) => {
        const { name: model } = modelOf(params, program());
        const [found] = await guarded(() => readings.rollouts([model]));
        if (found === undefined)
          throw new ProblemError(404, `Cannot decide about model "${model}": it has no rollout, one is needed`);
        checkCurrent(found, body);
        const { decision, challenger, step, reason } = body;
        if (decide === undefined)
          throw new ProblemError(
            409,
            `Cannot ${verbs[decision]} the challenger of "${model}" here: in a cluster its resource says so, run kubectl groundswell ${decision} sm/${model}, or use the action in Argo CD`,
          );
        decide({ model, decision, challenger, step });
        logger.info({ model, decision, challenger, step, reason, caller: context.get('caller') }, 'a person decided');
      },
    }),
  ];
};
