export {
  Alert,
  AlertDelivery,
  AlertEntry,
  Alerts,
  alertTemplateNames,
  type Severity,
  severities,
} from './alert.ts';
export { binOf, Calibration, PostOutcome, ScoreRecord, scoreBins } from './calibration.ts';
export { decodeEvent, decodeJson, encodeEvent, encodeJson } from './codec.ts';
export { type EventRecord, eventOf, eventRecord } from './event-record.ts';
export {
  FanOutJob,
  FeedPost,
  FeedPosts,
  NewBlock,
  NewClick,
  NewFollow,
  NewPost,
  PostRecord,
  RankedFeed,
  RankerState,
  TimelinePage,
} from './feed.ts';
export { feedKeysOf } from './feed-keys.ts';
export {
  FeatureValues,
  Heatmap,
  HeatmapCell,
  PostCard,
  PostPredictions,
  Problem,
  Reason,
  ScoreAt,
  TopPost,
  TopPosts,
} from './http.ts';
export {
  fillTemplate,
  keysOf,
  outcomeField,
  parseTemplate,
  placeText,
  type ResultsPlace,
  resultsPlace,
  topicsOf,
  watermarkNumber,
  watermarkOf,
  watermarkText,
} from './keys.ts';
export { LateText } from './late-text.ts';
export { ModelCard, ModelCards, ModelTraining, ServedVariant } from './models.ts';
export { OutcomeReport, OutcomeReports } from './outcome-report.ts';
export { PageSession } from './page-session.ts';
export {
  type Fallback,
  NewInterests,
  RecommendationRecord,
  Recommendations,
  RecommendedItem,
  RecommendRequest,
  recommendMaxBytes,
} from './recommend.ts';
export { recommendKeysOf } from './recommend-keys.ts';
export { RolloutDecision, RolloutHistory, RolloutPoint, RolloutStatus, Rollouts } from './rollout.ts';
export { createEventScanner, type ReadEvent } from './scan/event-scanner.ts';
export { PostScore, ScoreRequest, ScoreResponse } from './score.ts';
export { type EventType, eventTypes, Profile, SocialEvent } from './social-event.ts';
export { type Stamps, stampsHeader, stampsOf, stampsText } from './stamps.ts';
export { Ledger, PipelineStatus, ProgramHealth, ProgramStatus } from './status.ts';
export { contentOf, TextRecord } from './text-record.ts';
export { topicConfigOf } from './topic-config.ts';
export {
  DeadLetter,
  endOfTime,
  Outcome,
  Prediction,
  type Trigger,
  triggers,
  WindowResult,
  watermarkHeader,
} from './topics.ts';
export { TrainingState, trainingStateKey } from './training-state.ts';
export { WhatIf, WhatIfRequest } from './what-if.ts';
