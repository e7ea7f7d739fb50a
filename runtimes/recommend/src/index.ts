export { type RecommendOptions, type RecommendRunning, startRecommend } from './start.ts';
