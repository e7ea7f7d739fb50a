import type { ApiProgram, FeedView } from '../programs/index.ts';
import type { PipelineContext } from './context.ts';
import type { Unhashed } from './revision.ts';
import { namesIn } from './sinks.ts';

/** What the API shows. */
interface Shown {
  readonly models: readonly string[];
  readonly feed: FeedView | undefined;
}

export const compileApi = (context: PipelineContext, { models, feed }: Shown): Unhashed<ApiProgram> | undefined => {
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
    models: first === undefined ? [...models] : [first, ...models.filter((model) => model !== first)],
    ...(heatmap === undefined ? {} : { heatmap }),
    ...(feed === undefined ? {} : { feed }),
    ...(reports === undefined ? {} : { reports }),
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
