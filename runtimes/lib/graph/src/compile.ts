import { parseResource, type Resource } from '@groundswell/crds';
import { compileAlerts } from './compile/alerts.ts';
import { compileApi, modelViewOf } from './compile/api.ts';
import type { SharedWork } from './compile/autoscaling.ts';
import { clusterOnlyFields } from './compile/cluster-only.ts';
import { contextOf, orphanContextOf, type PartContext } from './compile/context.ts';
import { compileFeed } from './compile/feed.ts';
import { compileSources } from './compile/ingest.ts';
import { checkOfflineStores } from './compile/offline-store.ts';
import { pipelinePlacementOf, placementOf, type UnnamedPlacement } from './compile/placement.ts';
import { createReading, type Reading, type Target } from './compile/reading.ts';
import { compileRecommender } from './compile/recommender.ts';
import { revisionOf, type Unhashed } from './compile/revision.ts';
import { compileRollout } from './compile/rollout.ts';
import { checkOutcomes, compileOutcome, compileScorer } from './compile/scorer.ts';
import { compileSeenInside } from './compile/seen-inside.ts';
import { refuseCollisions } from './compile/sink-collisions.ts';
import { compileTrainer } from './compile/trainer.ts';
import { compileWindow } from './compile/window.ts';
import type { PipelinePlacement, Placement } from './placement.ts';
import { inOrder, type Path, type Problem } from './problem.ts';
import { Program, type Topic } from './programs/index.ts';
import type { Graph, Orphans, PipelineGraph, PipelineParts } from './resolve.ts';
import type { CompiledKind, Located, LocatedResource } from './resource.ts';

export interface Compiled {
  /** By pipeline: sources, windows, models, alerts, the API and training; equal resources give equal programs in the same order. */
  readonly programs: readonly Program[];
  /** For a cluster: how each of the programs runs there, in the order of the programs. Empty on a laptop. */
  readonly placements: readonly Placement[];
  readonly pipelines: readonly PipelinePlacement[];
  readonly problems: readonly Problem[];
}

/**
 * Turns resources into what runs. The only place that knows how; the operator and the local runner differ only in what
 * they do with the programs. Nothing that was written is ignored: a field without an effect is a problem, and a resource
 * with an error gives no program.
 */
export const compile = (graph: Graph, { target }: { readonly target: Target }): Compiled => {
  const pipelines = graph.pipelines.map((pipeline) => compilePipeline(pipeline, target));
  const parts = pipelines.flatMap((pipeline) => pipeline.parts);
  const all = [...parts, ...graph.orphans.flatMap((orphans) => checkOrphans(orphans, target))];
  refuseCollisions(all);
  const problems = new Map(
    [...new Set(all.map(({ reading }) => reading))].map((reading) => [reading, reading.finish()]),
  );
  const isSound = ({ reading }: Part) =>
    problems.get(reading)?.every(({ severity }) => severity === 'warning') ?? false;
  const running = parts.filter(isSound).filter(({ suspended }) => target === 'cluster' || !suspended);
  return {
    programs: running.flatMap(({ program }) => (program === undefined ? [] : [finished(program)])),
    placements: running.flatMap(placed),
    pipelines: pipelines.flatMap(({ placement }) => placement ?? []),
    problems: inOrder([...problems.values()].flat()),
  };
};

/** What one resource, or a part of it, became. */
interface Part {
  readonly reading: Reading<unknown>;
  /** Undefined where it is not right, or not supported. Suspended, it is compiled all the same: what is wrong is said before somebody wakes it. */
  readonly program: Unhashed | undefined;
  readonly suspended: boolean;
  /** Undefined on a laptop. */
  readonly placement: UnnamedPlacement | undefined;
}

const placed = ({ program, suspended, placement }: Part): readonly Placement[] =>
  program === undefined || placement === undefined
    ? []
    : [{ pipeline: program.pipeline, program: program.name, suspended, ...placement }];

interface CompiledPipeline {
  readonly parts: readonly Part[];
  readonly placement: PipelinePlacement | undefined;
}

const compilePipeline = ({ pipeline, ...own }: PipelineGraph, target: Target): CompiledPipeline => {
  const reading = read(pipeline, pipeline.resource.spec, target);
  const context = contextOf(reading, specsOf(own));
  checkOutcomes(context);
  checkOfflineStores(context);
  const { suspend, sources } = reading.spec;
  const ofSources = compileSources(context).map((program, i): Part => {
    const source = sources[i];
    return { reading, program, suspended: source?.suspend ?? false, placement: placementOf(reading, source ?? {}) };
  });
  const { windows, scorers, trainers, views } = compileParts(own, context, target);
  const feeds = compileFeeds(own, context, target);
  const recommenders = compileRecommenders(own, context, target);
  const program = compileApi(context, {
    ...{ models: views, feed: feeds[0]?.view },
    recommenders: own.recommenders.map(({ name }) => name),
  });
  const api: Part = { reading, program, suspended: false, placement: placementOf(reading, reading.spec.api ?? {}) };
  const alerts: Part = {
    reading,
    program: compileAlerts(
      context,
      own.models.map(({ name }) => name),
    ),
    suspended: false,
    placement: placementOf(reading, {}),
  };
  const seenInside = compileSeenInside(reading);
  const ofFeeds = feeds.flatMap(({ parts }) => parts);
  const parts = [...ofSources, ...windows, ...scorers, alerts, ...ofFeeds, ...recommenders, api, ...trainers];
  return {
    parts: parts.map(({ program, ...part }) => ({
      ...part,
      program: program && { ...program, ...seenInside(program.kind) },
      suspended: part.suspended || suspend,
    })),
    placement: pipelinePlacementOf(context),
  };
};

/** Not to run them: whoever repairs the pipeline wants to know all that is wrong. */
const checkOrphans = ({ name, ...own }: Orphans, target: Target): readonly Part[] => {
  const context = orphanContextOf(name, specsOf(own));
  const { windows, scorers, trainers } = compileParts(own, context, target);
  const feeds = compileFeeds(own, context, target);
  const recommenders = compileRecommenders(own, context, target);
  return [...windows, ...scorers, ...feeds.flatMap(({ parts }) => parts), ...recommenders, ...trainers];
};

const specsOf = ({ windows, models }: PipelineParts) => ({
  windows: new Map(windows.map(({ name, resource }) => [name, resource.spec])),
  models: new Map(models.map(({ name, resource }) => [name, resource.spec])),
});

const compileParts = ({ windows, models }: PipelineParts, context: PartContext, target: Target) => {
  const ofModels = models.map((model) => {
    const reading = read(model, model.resource.spec, target);
    const outcome = compileOutcome(reading, context);
    const { suspend, training } = reading.spec;
    const scorer = compileScorer(reading, context, outcome);
    const said = model.resource.metadata.annotations ?? {};
    return {
      view: modelViewOf(model.name, scorer),
      scorer: { reading, program: scorer, suspended: suspend, placement: placementOf(reading, reading.spec) },
      rollout: {
        reading,
        program: compileRollout(reading, context, { scorer, said }),
        suspended: suspend,
        placement: placementOf(reading, {}),
      },
      trainer: {
        reading,
        program: compileTrainer(reading, context, { outcome, scorer }),
        suspended: suspend || (training?.suspend ?? false),
        placement: training === undefined ? undefined : placementOf(reading, training),
      },
    };
  });
  return {
    windows: windows.map((window): Part => {
      const reading = read(window, window.resource.spec, target);
      const { suspend } = reading.spec;
      const program = compileWindow(reading, context);
      // Flink spreads its work itself.
      const shared = program?.flink !== undefined ? undefined : sharedWorkOf(program?.changelog, context, true);
      return { reading, program, suspended: suspend, placement: placementOf(reading, reading.spec, shared) };
    }),
    scorers: ofModels.flatMap(({ scorer, rollout }): Part[] => [scorer, rollout]),
    views: ofModels.map(({ view }) => view),
    trainers: ofModels.map(({ trainer }): Part => trainer),
  };
};

const compileFeeds = ({ feeds }: PipelineParts, context: PartContext, target: Target) =>
  feeds.map((feed, i) => {
    const reading = read(feed, feed.resource.spec, target);
    const { spec } = reading;
    const { saver, fanOut, ranker, view } = compileFeed(reading, context);
    if (i > 0) reading.notYet(['pipelineRef'], `the pipeline has the feed "${feeds[0]?.name}", one is enough for now`);
    const suspended = spec.suspend;
    const jobs = fanOut?.work.kind === 'fanOut' ? fanOut.work.jobs : undefined;
    const shared = sharedWorkOf(jobs, context, false);
    // First what the resource is about: its pods are those that `replicas` counts.
    const parts: readonly Part[] = [
      { reading, program: fanOut, suspended, placement: placementOf(reading, spec, shared) },
      { reading, program: saver, suspended, placement: placementOf(reading, spec.saver) },
      ...(ranker === undefined ? [] : [{ reading, program: ranker, suspended, placement: placementOf(reading, spec) }]),
    ];
    return { parts, view };
  });

const compileRecommenders = ({ recommenders }: PipelineParts, context: PartContext, target: Target) =>
  recommenders.map((recommender): Part => {
    const reading = read(recommender, recommender.resource.spec, target);
    const program = compileRecommender(reading, context);
    const { suspend, autoscaling } = reading.spec;
    // Its load is requests, of which lag says nothing.
    if (target === 'cluster' && autoscaling !== undefined && autoscaling.by !== 'HPA')
      reading.notYet(['autoscaling', 'by'], 'use HPA, which goes by the CPU that requests take');
    const shared = sharedWorkOf(undefined, context, true);
    return { reading, program, suspended: suspend, placement: placementOf(reading, reading.spec, shared) };
  });

const sharedWorkOf = (topic: Topic | undefined, { reading }: PartContext, wakes: boolean): SharedWork => ({
  partitions: topic?.partitions,
  wakes,
  freshnessMs: () => reading?.spec.goals.freshness,
  serverName: () => reading?.spec.kafka?.tls?.serverName,
});

const read = <R extends Extract<Resource, { readonly kind: CompiledKind }>>(
  located: Located<R>,
  spec: R['spec'],
  target: Target,
): Reading<R['spec']> =>
  createReading(located, spec, {
    kind: located.resource.kind,
    target,
    clusterOnly: clusterOnlyFields[located.resource.kind],
    without: (paths) => specWithout(located, paths),
  });

/** The spec as it would be if the fields had not been written. */
const specWithout = ({ written }: LocatedResource, paths: readonly Path[]): unknown => {
  const { status: _, spec, ...rest } = written as { readonly status?: unknown; readonly spec: unknown };
  const copy = { ...rest, spec: structuredClone(spec) };
  for (const path of paths) {
    let at: unknown = copy.spec;
    for (const step of path.slice(0, -1)) at = (at as Record<string | number, unknown>)[step];
    const last = path.at(-1);
    // Without an entry of a list, the others would move.
    if (typeof last !== 'string' || typeof at !== 'object' || at === null) return undefined;
    delete (at as Record<string, unknown>)[last];
  }
  const parsed = parseResource(copy);
  return parsed.kind === 'parsed' ? parsed.resource.spec : undefined;
};

const finished = (program: Unhashed): Program => Program.parse({ ...program, revision: revisionOf(program) });
