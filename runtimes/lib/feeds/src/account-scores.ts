import { compileCel } from '@groundswell/cel';
import type { RankingSpec } from '@groundswell/graph';
import { fillTemplate, parseTemplate } from '@groundswell/wire';
import { scoreOf, weighted } from './rank.ts';

/** How accounts get their scores. */
export interface AccountScores {
  /** The hash with the values of an account. */
  hashOf(author: string): string;
  /** Fields of it that count. */
  readonly fields: readonly string[];
  /** Of these fields; undefined for an account that is not ranked. */
  scoreOf(texts: readonly (string | undefined)[]): number | undefined;
  /** Names the formula: equal texts give equal scores. */
  readonly formula: string;
}

export const accountScoresOf = ({ hash, fields, score }: RankingSpec): AccountScores => {
  const template = parseTemplate(hash);
  const scoring = scoringOf(fields, score);
  return {
    hashOf: (author) => fillTemplate(template, () => author),
    fields,
    scoreOf: (texts) => scoreOf(texts, scoring),
    formula: JSON.stringify([hash, fields, score]),
  };
};

const scoringOf = (fields: readonly string[], score: RankingSpec['score']): ((values: readonly number[]) => number) => {
  if (score.kind === 'weights') return weighted(score.weights);
  const run = compileCel(score.expression, { variables: fields });
  return (values) => Number(run(Object.fromEntries(fields.map((name, i) => [name, values[i]]))) ?? Number.NaN);
};
