import type { Cost } from './flink.ts';

/** What one query takes of us and of Flink. */
export interface Pair {
  readonly name: string;
  readonly what: string;
  readonly ours: Cost;
  readonly flink: Cost;
}

const better = (one: Cost | undefined, other: Cost): Cost =>
  one === undefined || other.cpuSeconds < one.cpuSeconds ? other : one;

/** Turn by turn; of each the round with the least CPU. */
export const timePair = async (
  rounds: number,
  { ours, flink }: { ours(): Promise<Cost>; flink(): Promise<Cost> },
): Promise<Pick<Pair, 'ours' | 'flink'>> => {
  let [bestOurs, bestFlink]: [Cost | undefined, Cost | undefined] = [undefined, undefined];
  for (let round = 0; round < rounds; round++) {
    bestOurs = better(bestOurs, await ours());
    bestFlink = better(bestFlink, await flink());
  }
  if (bestOurs === undefined || bestFlink === undefined)
    throw new RangeError(`Cannot time ${rounds} rounds: one is needed`);
  return { ours: bestOurs, flink: bestFlink };
};
