import { type Arm, armOf, type LabelledPost } from './labelled-post.ts';
import { copyOf, emptyLanes, enqueue, type Lanes, nextBlocks } from './lanes.ts';
import { type MetricName, metrics } from './metric.ts';
import { createTopScores, type TopScoresSnapshot } from './top-scores.ts';

/** Compares challenger and champion, post by post as labels mature. */
export interface Comparison {
  add(post: LabelledPost): void;
  /** One for each block of posts that no other block shares: challenger minus champion, in [−1, 1]; times `scale` it is the metric's. */
  readonly differences: readonly number[];
  readonly scale: number;
  snapshot(): ComparisonSnapshot;
}

/** Plain data, for a checkpoint. */
export interface ComparisonSnapshot {
  readonly arms: Readonly<Record<Arm, Lanes>>;
  readonly differences: readonly number[];
  readonly topScores: TopScoresSnapshot;
}

/**
 * Differences whose mean, given what came before, is by how much the challenger is better. Posts that both variants
 * scored are compared with themselves, which needs far fewer labels; of those that only one scored, a block of the
 * champion's is compared with one of the challenger's.
 */
export const createComparison = (name: MetricName, from?: ComparisonSnapshot): Comparison => {
  const metric = metrics[name];
  const topScores = createTopScores(from?.topScores);
  const armFrom = (arm: Arm): Lanes => (from === undefined ? emptyLanes() : copyOf(from.arms[arm]));
  const arms = { paired: armFrom('paired'), champion: armFrom('champion'), challenger: armFrom('challenger') };
  const differences = [...(from?.differences ?? [])];

  const compare = (champions: readonly LabelledPost[], challengers: readonly LabelledPost[]): void => {
    const atAges = (champions[0]?.ages ?? []).flatMap((_, age) => {
      const better = metric.value(challengers, { side: 'challenger', age }, topScores.limit);
      const worse = metric.value(champions, { side: 'champion', age }, topScores.limit);
      return better === undefined || worse === undefined ? [] : [better - worse];
    });
    if (atAges.length > 0) differences.push(atAges.reduce((sum, d) => sum + d, 0) / atAges.length);
  };
  const compareWhatIsThere = (arm: Arm): void => {
    const lanes = arm === 'paired' ? [arms.paired] : [arms.champion, arms.challenger];
    for (let blocks = nextBlocks(lanes, metric); blocks !== undefined; blocks = nextBlocks(lanes, metric))
      compare(blocks[0] ?? [], blocks.at(-1) ?? []);
  };
  return {
    differences,
    scale: metric.scale,
    add: (post) => {
      const arm = armOf(post);
      if (arm === undefined) return;
      enqueue(arms[arm], post, metric);
      compareWhatIsThere(arm);
      topScores.note(post);
    },
    snapshot: () => ({
      arms: { paired: copyOf(arms.paired), champion: copyOf(arms.champion), challenger: copyOf(arms.challenger) },
      differences: [...differences],
      topScores: topScores.snapshot(),
    }),
  };
};
