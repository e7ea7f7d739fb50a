import type { Slot } from '../models/serving.ts';
import type { ServedModel, ServedVersion } from './repository.ts';
import { createReasons, createScoreByKey, type ScoreByKeyOptions } from './score-by-key.ts';

/** A variant that answers nobody cannot be asked, by its name neither. */
const versionOf = ({ variant, model, problem }: Slot): ServedVersion => ({
  name: variant.name,
  executor: variant.shadow ? undefined : model?.executor,
  problem:
    variant.shadow && model !== undefined ? 'it is a shadow, which scores the stream and answers nobody' : problem,
});

/**
 * A ScoringModel as a model of the Open Inference Protocol: its variants are the versions. A request that says whose it is
 * (by a parameter `key`, or named as the routing key is) is answered by the variant that the stream scores it by, too.
 */
export const servedScorer = (options: ScoreByKeyOptions): ServedModel => {
  const { program, serving } = options;
  return {
    score: createScoreByKey(options),
    reasons: createReasons(options),
    name: program().model,
    limits: () => program().serving,
    keys: ['key', program().routing.key],
    versions: () => serving.slots().map(versionOf),
    choose: (key) => {
      const slot = serving.choose(key === undefined ? {} : { key });
      return slot === undefined ? undefined : versionOf(slot);
    },
  };
};
