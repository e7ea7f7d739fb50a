export type { ScoreItems } from './ranking/score-items.ts';
export { serveDoor } from './serve-door.ts';
export { type RecommendOptions, type RecommendRunning, startRecommend } from './start.ts';
