import type { ApiProgram, FeedView, ModelView, ScorerProgram, WindowView } from '../programs/index.ts';
import { apiAccessOf } from './api-access.ts';
import type { PipelineContext } from './context.ts';
import type { Unhashed } from './revision.ts';
import { hashTemplateOf, namesIn } from './sinks.ts';
import { keyNames } from './window-key.ts';

/** What the API shows. */
interface Shown {
  readonly models: readonly ModelView[];
  readonly recommenders: readonly string[];
  readonly feed: FeedView | undefined;
}

export const compileApi = (
  context: PipelineContext,
  { models, recommenders, feed }: Shown,
): Unhashed<ApiProgram> | undefined => {
  const { name, reading } = context;
  const { api, ui } = reading.spec;
  const first = ui?.modelRef?.name;
  const heatmap = heatmapOf(context);
  const reports = reportsOf(context);
  if (ui !== undefined && api === undefined)
    reading.refuse(['ui'], 'Cannot show the page: the API serves it and there is none, add "api: {}"');
  if (api === undefined) return undefined;
  return {
    kind: 'api',
    name: 'api',
    pipeline: name,
    models: [...models].sort((a, b) => Number(b.name === first) - Number(a.name === first)),
    windows: windowsOf(context),
    ...(heatmap === undefined ? {} : { heatmap }),
    ...(feed === undefined ? {} : { feed }),
    ...(reports === undefined ? {} : { reports }),
    ...(recommenders.length > 0 && { recommenders: [...recommenders] }),
    access: apiAccessOf(reading, api),
    ui: ui !== undefined,
  };
};

const reportsOf = ({ reading, topics }: PipelineContext): ApiProgram['reports'] => {
  const { outcomes, topics: written } = reading.spec;
  const reported = outcomes.filter((outcome) => outcome.reported !== undefined).map(({ name }) => name);
  if (reported.length === 0) return undefined;
  return { outcomes: reported, events: topics.events, keyBy: written.events.key };
};

const heatmapOf = ({ reading, windows }: PipelineContext): ApiProgram['heatmap'] => {
  const wanted = reading.spec.ui?.heatmap?.windowRef.name;
  const window = wanted === undefined ? undefined : windows.get(wanted);
  if (wanted === undefined || window === undefined) return undefined;
  const key = window.sinks.flatMap(({ redis }) => redis?.series?.key ?? [])[0];
  const path = ['ui', 'heatmap', 'windowRef', 'name'];
  if (key === undefined)
    reading.refuse(
      path,
      `Cannot show the window "${wanted}" as heatmap: it keeps no history, add a redis.series sink to it`,
    );
  else if (namesIn(key).length > 0)
    reading.refuse(
      path,
      `Cannot show the window "${wanted}" as heatmap: it has a history for each key, a window with "key: []" is needed`,
    );
  return key === undefined ? undefined : { window: wanted, key };
};

/** By name: resources come in any order. */
const windowsOf = ({ windows }: PipelineContext): WindowView[] =>
  [...windows]
    .flatMap(([name, spec]) => {
      const hash = hashTemplateOf(name, spec);
      return hash === undefined
        ? []
        : [{ name, hash, key: [...keyNames(spec)], values: spec.aggregations.map((each) => each.name) }];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));

/** A model that is not right itself is shown by its name. */
export const modelViewOf = (name: string, scorer: Unhashed<ScorerProgram> | undefined): ModelView => {
  const { features = [], outcome, atMs = [], variants = [] } = scorer ?? {};
  return {
    name,
    features: features
      .filter(({ hidden }) => !hidden)
      .map(({ name, source, default: whenMissing }) => ({
        name,
        from: source.kind === 'window' ? `${source.window}.${source.field}` : source.expression,
        ...(whenMissing !== undefined && { default: whenMissing }),
      })),
    ...(outcome !== undefined && { outcome }),
    atMs: [...atMs],
    variants: variants.map(({ name, share, shadow, artifact: { sha256, uri } }) => ({
      ...{ name, share, shadow, sha256, uri },
    })),
  };
};
