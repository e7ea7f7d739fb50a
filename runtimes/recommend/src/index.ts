export type { ScoreItems } from './ranking/score-items.ts';
export { type RecommendOptions, type RecommendRunning, startRecommend } from './start.ts';
