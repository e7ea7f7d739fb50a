export { type BackoffOptions, backoffMs } from './backoff.ts';
export { type BlockLists, openBlockLists } from './block-lists.ts';
export { type Clock, systemClock } from './clock.ts';
export { type InCluster, type InClusterAccess, inClusterAccess } from './in-cluster.ts';
export { createLatencies, type Latencies } from './latencies.ts';
export { linesOf } from './lines-of.ts';
export { createLogger, type Logger } from './logger.ts';
export { createLook } from './look.ts';
export { createMetrics, type Metrics } from './metrics.ts';
export { ProgramReport } from './program-report.ts';
export { createRecentLatencies } from './recent-latencies.ts';
export {
  type Demand,
  type FanOutReport,
  type Health,
  type Ledger,
  type Proposal,
  type QuotaReport,
  type Redefinition,
  type Report,
  type Running,
  type RunOptions,
  runUntilStopped,
  type StepOptions,
  type VariantReport,
} from './running.ts';
export { createStages, type StageName, type StageReport, type Stages, stageNames } from './stages.ts';
export { type Tracing, traceHeader, traceIdOf, type Work } from './tracing.ts';
export { createValues, type Values, valuePathOf, valuesDirectory } from './values.ts';
