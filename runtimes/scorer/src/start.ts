import { createFeatures } from '@groundswell/features';
import { ScorerProgram } from '@groundswell/graph';
import type { Health, Running } from '@groundswell/process';
import type { Ports } from '@groundswell/stores';
import type { SocialEvent } from '@groundswell/wire';
import { isLiveChange } from './live.ts';
import { createScorerMetrics } from './metrics.ts';
import { createServing, type VariantStatus } from './models/serving.ts';
import { type StreamSummary, startStream } from './stream/start-stream.ts';

export interface ScorerOptions {
  /** Where relative paths of artifacts begin. */
  readonly directory: string;
}

export interface ScorerRunning extends Running {
  /** What serves, and why the rest does not. */
  variants(): readonly VariantStatus[];
  summary(): StreamSummary;
}

/**
 * Starts a ScoringModel: its models, loaded once, and the doors to them. The stream is the first door; gRPC and HTTP
 * (issue 6) stand beside it on the same `Serving` and `FeatureSet`, so that all doors agree.
 *
 * @throws CelError for a feature that does not compile. A variant that cannot serve does not throw; it says why in `health`.
 */
export const startScorer = async (
  program: ScorerProgram,
  ports: Ports,
  { directory }: ScorerOptions,
): Promise<ScorerRunning> => {
  const set = createFeatures(program.features);
  const metrics = createScorerMetrics(ports.metrics, program.model);
  const { width, missing } = set;
  const serving = await createServing(program, {
    ...{ directory, width, missing },
    onRun: ({ variant, seconds }) => metrics.run(variant, seconds),
    onFailure: (variant, err) => ports.logger.error({ model: program.model, variant, err }, 'failed to run a model'),
  });
  const tell = (): void => {
    const statuses = serving.status();
    metrics.variants(statuses);
    for (const { name, problem } of statuses)
      if (problem !== undefined)
        ports.logger.error({ model: program.model, variant: name, problem }, 'refused a model');
  };
  tell();
  const stream = await startStream(program, ports, { set, serving, metrics });
  let current = program;

  return {
    name: program.name,
    step: stream.step,
    save: stream.save,
    stop: async () => {
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
      return true;
    },
    health: () => healthOf(serving.status()),
    report: stream.report,
    due: stream.due,
    stopsAt: (event) => stream.stopsAt(event as SocialEvent),
    variants: serving.status,
    summary: stream.summary,
  };
};

/** A variant that cannot serve needs a person, even though the others go on. */
const healthOf = (statuses: readonly VariantStatus[]): Health => {
  const problems = statuses.flatMap(({ problem }) => problem ?? []);
  if (problems.length === 0) return { kind: 'ready' };
  return { kind: 'stalled', reason: 'ModelRefused', message: problems.join('; ') };
};
