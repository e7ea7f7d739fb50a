import type { CelEnvironment } from '@groundswell/cel';
import type { Feed } from '@groundswell/crds';
import type { Path } from '../problem.ts';
import type { RankingRule } from '../programs/index.ts';
import type { PartContext } from './context.ts';
import type { Reading } from './reading.ts';
import { namesIn } from './sinks.ts';
import { configOf } from './sources/references.ts';

type Written = Feed['spec']['rules'][number];

/** @param environment  what conditions see */
export const compileRules = (
  reading: Reading<unknown>,
  rules: readonly Written[],
  environment: CelEnvironment,
): RankingRule[] =>
  rules.flatMap((rule, i): readonly RankingRule[] => {
    const { name, diversity, dropSeen, block, where, boost } = rule;
    const checked = (source: string, ...rest: Path) => reading.expression(['rules', i, ...rest], source, environment);
    if (diversity !== undefined) return [{ kind: 'diversity', name, ...diversity }];
    if (dropSeen !== undefined) return [{ kind: 'dropSeen', name, forMs: dropSeen.for }];
    if (where !== undefined) return [{ kind: 'where', name, where: checked(where, 'where') }];
    if (boost !== undefined)
      return [{ kind: 'boost', name, where: checked(boost.where, 'boost', 'where'), factor: boost.factor }];
    return block === undefined ? [] : [{ kind: 'block', name, list: configOf(block.listRef) }];
  });

/** Where patterns say something of a user. */
export const userTagsOf = ({ windows }: PartContext): string[] => {
  const keys = [...windows.values()].flatMap(({ sinks }) => sinks.flatMap(({ redis }) => redis?.tags?.key ?? []));
  return [...new Set(keys)].filter((key) => namesIn(key).join() === 'user_id').sort();
};
