import type { ArtifactAccess } from '@groundswell/artifacts';
import { createFeatures } from '@groundswell/features';
import { ScorerProgram } from '@groundswell/graph';
import type { Health, Running, VariantReport } from '@groundswell/process';
import type { Ports } from '@groundswell/stores';
import { keysOf, type ServedVariant, type SocialEvent } from '@groundswell/wire';
import type { Doors } from './doors/doors.ts';
import type { ServedModel } from './doors/repository.ts';
import { createScoreByKey, type ScoreByKey } from './doors/score-by-key.ts';
import { servedScorer } from './doors/served-scorer.ts';
import type { VariantDrift } from './drift/watch.ts';
import { isLiveChange } from './live.ts';
import { createScorerMetrics } from './metrics.ts';
import { createServing, type VariantStatus } from './models/serving.ts';
import { createRetries } from './retries.ts';
import { type StreamSummary, startStream } from './stream/start-stream.ts';
import { threadsOf } from './threads.ts';

export interface ScorerOptions extends ArtifactAccess {
  /** Where requests come in. Absent: there is only the stream. */
  readonly doors?: Doors;
}

export interface ScorerRunning extends Running {
  /** What serves, and why the rest does not. */
  variants(): readonly VariantStatus[];
  summary(): StreamSummary;
  /** As the request doors do it, for whoever runs in the same process. */
  readonly score: ScoreByKey;
}

/**
 * Starts a ScoringModel: its models, loaded once, and the doors to them. The stream, gRPC and HTTP stand on the same
 * `Serving` and `FeatureSet`, so that all doors agree.
 *
 * @throws CelError for a feature that does not compile. A variant that cannot serve does not throw; it says why in `health`.
 */
export const startScorer = async (
  program: ScorerProgram,
  ports: Ports,
  { doors, ...access }: ScorerOptions,
): Promise<ScorerRunning> => {
  const { keyValue, clock } = ports;
  const set = createFeatures(program.features);
  const metrics = createScorerMetrics(ports.metrics, program.model);
  const { width, missing } = set;
  const serving = await createServing(program, {
    ...{ ...access, width, missing, threads: threadsOf() },
    onRun: metrics.run,
    onFailure: (variant, err) => ports.logger.error({ model: program.model, variant, err }, 'failed to run a model'),
  });
  const tell = (): void => {
    const statuses = serving.status();
    metrics.variants(statuses);
    for (const { name, problem } of statuses)
      if (problem !== undefined)
        ports.logger.error({ model: program.model, variant: name, problem }, 'refused a model');
  };
  let told: string | undefined;
  /** For the API. What does not serve yet, or any more, keeps what was told of it. */
  const tellServed = async (): Promise<void> => {
    const served = serving.slots().flatMap(({ variant: { name, artifact }, model }) => {
      if (model === undefined || model.digest !== artifact.sha256.toLowerCase()) return [];
      const known: ServedVariant = { sha256: model.digest, uri: artifact.uri, training: model.training ?? null };
      return [[name, JSON.stringify(known)] as const];
    });
    const fields = Object.fromEntries(served);
    const json = JSON.stringify(fields);
    if (served.length === 0 || json === told) return;
    const batch = keyValue.batch();
    batch.hashSet(keysOf(program.pipeline).served(program.model), fields);
    await batch.run();
    told = json;
  };
  tell();
  await tellServed();
  let current = program;
  const retries = createRetries(async () => {
    await serving.update(current);
    tell();
    await tellServed();
    return serving.status().some(({ isTransient }) => isTransient);
  });
  const retryWhereNeeded = (): void => {
    if (serving.status().some(({ isTransient }) => isTransient)) retries.start();
  };
  retryWhereNeeded();
  const stream = await startStream(program, ports, { set, serving, metrics });
  // As far as the stream is: on replayed data the clock on the wall says nothing of the age of a post.
  const now = () => stream.report().eventTime ?? clock.now();
  const asking = { program: () => current, set, serving, keyValue, now, explain: stream.explain };
  const served = () => servedScorer(asking);
  const entrance = await enter(doors, served, program);

  return {
    name: program.name,
    step: stream.step,
    save: stream.save,
    stop: async () => {
      retries.stop();
      entrance.leave();
      await stream.stop();
      await serving.close();
    },
    update: async (changed) => {
      const next = ScorerProgram.parse(changed);
      if (!isLiveChange(current, next)) return false;
      await serving.update(next);
      stream.update(next);
      current = next;
      tell();
      retryWhereNeeded();
      await tellServed();
      return true;
    },
    health: () => healthOf(serving.status(), entrance.problem),
    report: () => {
      const drift = stream.drift();
      metrics.drift(drift);
      const driftOf = (name: string) => drift.find(({ variant }) => variant === name);
      return { ...stream.report(), variants: serving.status().map((each) => reportOf(each, driftOf(each.name))) };
    },
    due: stream.due,
    stopsAt: (event) => stream.stopsAt(event as SocialEvent),
    variants: serving.status,
    summary: stream.summary,
    score: createScoreByKey(asking),
  };
};

interface Entrance {
  readonly leave: () => void;
  /** Why requests do not come in. The stream goes on without them. */
  readonly problem?: string;
}

const enter = async (
  doors: Doors | undefined,
  model: () => ServedModel,
  { serving }: ScorerProgram,
): Promise<Entrance> => {
  const nothing = { leave: () => undefined };
  if (doors === undefined || serving.doors.length === 0) return nothing;
  try {
    return { leave: await doors.offer(model(), serving.doors) };
  } catch (error) {
    return { ...nothing, problem: error instanceof Error ? error.message : String(error) };
  }
};

const reportOf = (
  { name, shadow, effectiveShare, digest, problem }: VariantStatus,
  drift: VariantDrift | undefined,
): VariantReport => ({
  name,
  shadow,
  share: effectiveShare,
  ...(digest !== undefined && { sha256: digest }),
  ...(problem !== undefined && { problem }),
  ...(drift !== undefined && {
    drift: {
      ...{ score: drift.reading.score, worstFeaturePsi: drift.worstFeaturePsi },
      ...(drift.worstFeature !== undefined && { worstFeature: drift.worstFeature }),
      ...(drift.problem !== undefined && { problem: drift.problem }),
    },
  }),
});

/** A variant that cannot serve needs a person, even though the others go on. */
const healthOf = (statuses: readonly VariantStatus[], closed: string | undefined): Health => {
  const problems = statuses.flatMap(({ problem }) => problem ?? []);
  if (problems.length > 0) return { kind: 'stalled', reason: 'ModelRefused', message: problems.join('; ') };
  return closed === undefined ? { kind: 'ready' } : { kind: 'stalled', reason: 'DoorClosed', message: closed };
};
