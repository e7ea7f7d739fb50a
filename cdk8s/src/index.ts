export { FeatureWindow, type FeatureWindowProps } from './feature-window.ts';
export { Feed, type FeedProps } from './feed.ts';
export {
  KubeFeatureWindow,
  KubeFeed,
  type KubeProps,
  KubeRecommender,
  KubeScoringModel,
  KubeViralityPipeline,
  type Spec,
} from './kube.ts';
export { Recommender, type RecommenderProps } from './recommender.ts';
export { type Feature, ScoringModel, type ScoringModelProps } from './scoring-model.ts';
export { ViralityPipeline, type ViralityPipelineProps } from './virality-pipeline.ts';
