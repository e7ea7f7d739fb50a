export { type AlertChannel, AlerterProgram, type AlertRule, type Webhook } from './alerter.ts';
export { type ApiAccess, ApiProgram, type ModelView, type SignIn, type WindowView } from './api.ts';
export { type ArtifactSource, artifactForms, artifactSourceOf } from './artifact-source.ts';
export { divideReader } from './divide-reader.ts';
export {
  type FanOutSettings,
  FeedProgram,
  FeedView,
  type RankerSettings,
  type RankingSpec,
  type SaverSettings,
} from './feed.ts';
export { type BlueskyReader, type GeneratorReader, IngestProgram, type ReplayReader, speaksEvents } from './ingest.ts';
export { groupOf, type Retries, serviceOf, type Topic, type Watermark } from './program.ts';
export type { RankingRule } from './ranking-rule.ts';
export { type BlendSpec, type CandidateSource, type OfflineStoreSpec, RecommendProgram } from './recommend.ts';
export { RolloutProgram } from './rollout.ts';
export {
  type Feature,
  type FeatureSource,
  type OutcomeSpec,
  ScorerProgram,
  type ServingSpec,
  type Variant,
} from './scorer.ts';
export type { HttpReader } from './sources/http.ts';
export type { KafkaReader } from './sources/kafka.ts';
export type { MastodonReader } from './sources/mastodon.ts';
export type { XReader } from './sources/x.ts';
export { type TopicOnKafka, topicsOfProgram, topicsOnKafka } from './topics.ts';
export { TrainerProgram } from './trainer.ts';
export { Program } from './union.ts';
export { type ValueReference, valuesOf } from './value-reference.ts';
export { type Aggregation, type Join, type Sink, WindowProgram } from './window.ts';
