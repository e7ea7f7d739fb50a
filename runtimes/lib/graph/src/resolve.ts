import { suggest } from '@groundswell/cel';
import type { FeatureWindow, Feed, Recommender, Resource, ScoringModel, ViralityPipeline } from '@groundswell/crds';
import { topicsOf } from '@groundswell/wire';
import { formatPath, inOrder, type Path, type Problem } from './problem.ts';
import { type Located, type LocatedResource, titleOf } from './resource.ts';

/** What belongs to one pipeline, each kind in order of the names. */
export interface PipelineParts {
  readonly windows: readonly Located<FeatureWindow>[];
  readonly models: readonly Located<ScoringModel>[];
  readonly feeds: readonly Located<Feed>[];
  readonly recommenders: readonly Located<Recommender>[];
}

/** A pipeline with what belongs to it. */
export interface PipelineGraph extends PipelineParts {
  readonly pipeline: Located<ViralityPipeline>;
}

/** Parts whose pipeline is missing or not right itself: they cannot run, and are checked all the same. */
export interface Orphans extends PipelineParts {
  /** Of the pipeline that they name. */
  readonly name: string;
}

export interface Graph {
  readonly pipelines: readonly PipelineGraph[];
  readonly orphans: readonly Orphans[];
  readonly problems: readonly Problem[];
}

/** Follows the references between resources. What is missing, or goes in a circle, is a problem. */
export const resolve = (resources: readonly LocatedResource[]): Graph => {
  const sorted = [...resources].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const parts = {
    windows: ofKind(sorted, 'FeatureWindow'),
    models: ofKind(sorted, 'ScoringModel'),
    feeds: ofKind(sorted, 'Feed'),
    recommenders: ofKind(sorted, 'Recommender'),
  };
  const pipelines = ofKind(sorted, 'ViralityPipeline').map(
    (pipeline): PipelineGraph => ({ pipeline, ...partsOf(pipeline.name, parts) }),
  );
  const problems = [
    ...namespaceProblems(resources),
    ...sorted.flatMap((from) => referencesOf(from).flatMap((reference) => missing(from, reference, sorted))),
    ...pipelines.flatMap(topicCycles),
  ];
  return {
    pipelines,
    orphans: orphansOf(parts, new Set(pipelines.map(({ pipeline }) => pipeline.name))),
    problems: inOrder(problems),
  };
};

const partsOf = (pipeline: string, { windows, models, feeds, recommenders }: PipelineParts): PipelineParts => {
  const own = <R extends FeatureWindow | ScoringModel | Feed | Recommender>(parts: readonly Located<R>[]) =>
    parts.filter(({ resource }) => resource.spec.pipelineRef.name === pipeline);
  return { windows: own(windows), models: own(models), feeds: own(feeds), recommenders: own(recommenders) };
};

const orphansOf = (parts: PipelineParts, found: ReadonlySet<string>): readonly Orphans[] => {
  const named = [...parts.windows, ...parts.models, ...parts.feeds, ...parts.recommenders].map(
    ({ resource }) => resource.spec.pipelineRef.name,
  );
  return [...new Set(named)].filter((name) => !found.has(name)).map((name) => ({ name, ...partsOf(name, parts) }));
};

type OfKind<K extends Resource['kind']> = Located<Extract<Resource, { readonly kind: K }>>;

const ofKind = <K extends Resource['kind']>(resources: readonly LocatedResource[], kind: K): readonly OfKind<K>[] =>
  resources.filter((located): located is OfKind<K> => located.resource?.kind === kind);

const error = (from: LocatedResource, path: Path, message: string): Problem => ({
  ...from.place(path),
  severity: 'error',
  path: formatPath(path),
  message,
});

/** References are within one namespace; one run has one. */
const namespaceProblems = (resources: readonly LocatedResource[]): readonly Problem[] => {
  const [first] = resources;
  return resources
    .filter(({ namespace }) => namespace !== first?.namespace)
    .map((other) => {
      const message = `Cannot compile ${titleOf(other)} together with ${first === undefined ? '' : titleOf(first)}: they are in different namespaces, one at a time can be compiled`;
      return error(other, ['metadata'], message);
    });
};

interface Reference {
  readonly path: Path;
  readonly kind: Resource['kind'];
  readonly name: string;
  /** The pipeline that both must belong to. */
  readonly pipeline?: string;
}

const referencesOf = ({ resource }: LocatedResource): readonly Reference[] => {
  switch (resource?.kind) {
    case 'ViralityPipeline':
      return ofPipeline(resource);
    case 'FeatureWindow':
      return [toPipeline(resource.spec.pipelineRef.name)];
    case 'ScoringModel':
      return ofModel(resource);
    case 'Feed':
      return ofFeed(resource);
    case 'Recommender':
      return ofRecommender(resource);
    case undefined:
      return [];
  }
};

const toPipeline = (name: string): Reference => ({
  path: ['spec', 'pipelineRef', 'name'],
  kind: 'ViralityPipeline',
  name,
});

const ofPipeline = ({ metadata, spec }: ViralityPipeline): readonly Reference[] => {
  const pipeline = metadata.name;
  const { heatmap, modelRef } = spec.ui ?? {};
  const ofUi: readonly (Reference | undefined)[] = [
    heatmap && {
      path: ['spec', 'ui', 'heatmap', 'windowRef', 'name'],
      kind: 'FeatureWindow',
      name: heatmap.windowRef.name,
      pipeline,
    },
    modelRef && { path: ['spec', 'ui', 'modelRef', 'name'], kind: 'ScoringModel', name: modelRef.name, pipeline },
  ];
  const ofAlerts = (spec.alerts?.rules ?? []).map(
    ({ modelRef: ref }, i): Reference | undefined =>
      ref && {
        path: ['spec', 'alerts', 'rules', i, 'modelRef', 'name'],
        kind: 'ScoringModel',
        name: ref.name,
        pipeline,
      },
  );
  return [...ofUi, ...ofAlerts].filter((reference) => reference !== undefined);
};

const ofModel = ({ spec }: ScoringModel): readonly Reference[] => {
  const pipeline = spec.pipelineRef.name;
  const toWindows = spec.features.flatMap(({ window }, i): readonly Reference[] =>
    window === undefined
      ? []
      : [
          {
            path: ['spec', 'features', i, 'window', 'ref', 'name'],
            kind: 'FeatureWindow',
            name: window.ref.name,
            pipeline,
          },
        ],
  );
  return [toPipeline(pipeline), ...toWindows];
};

const ofFeed = ({ spec: { pipelineRef, ranking } }: Feed): readonly Reference[] => {
  const pipeline = pipelineRef.name;
  const path: Path = ['spec', 'ranking', 'windowRef', 'name'];
  const toWindow = ranking && { path, kind: 'FeatureWindow' as const, name: ranking.windowRef.name, pipeline };
  return toWindow === undefined ? [toPipeline(pipeline)] : [toPipeline(pipeline), toWindow];
};

const ofRecommender = ({ spec: { pipelineRef, candidates, rank } }: Recommender): readonly Reference[] => {
  const pipeline = pipelineRef.name;
  const ofSources = candidates.flatMap(({ hot, predicted, taste, followed, similar }, i): readonly Reference[] => {
    const to = (
      kind: Resource['kind'],
      path: Path,
      ref: { readonly name: string } | undefined,
    ): readonly Reference[] =>
      ref === undefined ? [] : [{ path: ['spec', 'candidates', i, ...path, 'name'], kind, name: ref.name, pipeline }];
    return [
      ...to('FeatureWindow', ['hot', 'windowRef'], hot?.windowRef),
      ...to('ScoringModel', ['predicted', 'modelRef'], predicted?.modelRef),
      ...to('Feed', ['taste', 'feedRef'], taste?.feedRef),
      ...to('Feed', ['followed', 'feedRef'], followed?.feedRef),
      ...to('FeatureWindow', ['similar', 'windowRef'], similar?.windowRef),
    ];
  });
  const toModel: Reference = {
    path: ['spec', 'rank', 'modelRef', 'name'],
    kind: 'ScoringModel',
    name: rank.modelRef.name,
    pipeline,
  };
  return [toPipeline(pipeline), ...ofSources, toModel];
};

const missing = (from: LocatedResource, { path, kind, name, pipeline }: Reference, all: readonly LocatedResource[]) => {
  const candidates = all.filter((located) => located.kind === kind);
  const found = candidates.find((located) => located.name === name);
  if (found === undefined) {
    const names = candidates.map((located) => located.name);
    const why =
      names.length === 0
        ? 'there is none at all, one is needed'
        : `there is none of that name, ${suggest(name, names)}`;
    const message = `Cannot find ${titleOf({ kind, name })}: ${why}`;
    return [{ ...error(from, path, message), missing: { kind, name } }];
  }
  const { resource } = found;
  const other = resource !== undefined && 'pipelineRef' in resource.spec ? resource.spec.pipelineRef.name : pipeline;
  const isElsewhere = pipeline !== undefined && other !== pipeline;
  // Of a pipeline that is not there, that is said already.
  if (!isElsewhere || !all.some(({ kind: k, name: n }) => k === 'ViralityPipeline' && n === pipeline)) return [];
  const message = `Cannot use ${titleOf(found)}: it belongs to the pipeline "${other}", one of "${pipeline}" is needed`;
  return [error(from, path, message)];
};

/** A window may read what another wrote to a topic, but not, by whatever way, what it wrote itself. */
const topicCycles = ({ pipeline, windows }: PipelineGraph): readonly Problem[] => {
  const names = topicsOf(pipeline.name);
  const writers = new Map<string, string>();
  for (const { name, resource } of windows)
    for (const { topic } of resource.spec.sinks)
      if (topic !== undefined) writers.set(topic.name ?? names.results(name), name);
  const readFrom = new Map(windows.map(({ name, resource }) => [name, writers.get(resource.spec.input.topic)]));
  return windows.flatMap((window) => {
    const circle = circleFrom(window.name, readFrom);
    if (circle === undefined) return [];
    const message = `Cannot compute ${titleOf(window)}: it reads what it writes itself (${circle.join(' ← ')}), another input is needed`;
    return [error(window, ['spec', 'input', 'topic'], message)];
  });
};

const circleFrom = (
  start: string,
  readFrom: ReadonlyMap<string, string | undefined>,
): readonly string[] | undefined => {
  const way = [start];
  for (let at = readFrom.get(start); at !== undefined; at = readFrom.get(at)) {
    way.push(at);
    if (at === start) return way;
    if (way.length > readFrom.size + 1) return undefined;
  }
  return undefined;
};
