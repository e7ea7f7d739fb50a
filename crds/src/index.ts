export { annotations } from './annotations.ts';
export { apiVersion, type Column, group, version } from './kind.ts';
export {
  type FeatureWindow,
  type Feed,
  kinds,
  type Recommender,
  type Resource,
  type ScoringModel,
  type ViralityPipeline,
  type Written,
} from './kinds/index.ts';
export { type ParsedResource, parseResource } from './parse.ts';
export type { Problem } from './problems.ts';
export type { Condition } from './shared/conditions.ts';
export { duration, type Millis } from './shared/duration.ts';
export type { Bytes } from './shared/quantity.ts';
