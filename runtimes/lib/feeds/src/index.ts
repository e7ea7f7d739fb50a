export { type AccountScores, accountScoresOf } from './account-scores.ts';
export { type Entry, entryText, markText, merge, newestFirst, parseTimeline } from './entries.ts';
export { createIds, type Ids, idWorkers, parseId, partsOf } from './ids.ts';
export { keptScore, markOf, parseKept } from './kept-order.ts';
export { type Ranked, rank } from './rank.ts';
export {
  cursorOf,
  doneCursor,
  jobField,
  type Origin,
  ownerField,
  parseShardState,
  type ShardState,
  settle,
} from './shard-state.ts';
export { shardOf } from './shards.ts';
export { createTurns, type RoundLimits } from './turns.ts';
