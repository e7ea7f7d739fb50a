export type { Feature, HashRead, Moment } from './feature.ts';
export { createFeatures, type FeatureSet } from './feature-set.ts';
export { featureFunctions } from './functions.ts';
