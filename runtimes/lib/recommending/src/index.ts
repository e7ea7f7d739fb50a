export { beta, type Random } from './beta.ts';
export { blend, type Weights } from './blend.ts';
export { type Candidate, type Found, mergeCandidates } from './candidates.ts';
export { mix, withTrials } from './compose.ts';
export { type Prior, type Tried, thompson } from './explore.ts';
export { byInterests } from './interests.ts';
export { applyRules, byScore, type Rule, type Scored } from './rules.ts';
export { shareOf } from './share.ts';
export { likeThose, type Similar, similarity } from './similar.ts';
