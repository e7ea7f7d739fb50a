import { type ApiAccess, ApiProgram, type ModelView } from '@groundswell/graph';
import { createLogger, createMetrics, createValues } from '@groundswell/process';
import type { Ports } from '@groundswell/stores';
import { createEmbeddedStores } from '@groundswell/stores/embedded';
import { keysOf, type PipelineStatus, type PostCard, type Prediction } from '@groundswell/wire';

/** A model of which only the name matters. */
export const model = (name: string): ModelView => ({ name, features: [], atMs: [], variants: [] });

/** Everybody may do everything, as often as it takes. */
export const openAccess: ApiAccess = {
  ...{ anonymous: 'Read', perSecond: 1_000_000, burst: 1_000_000, forwarded: false, origins: [] },
  maxBodyBytes: 1_048_576,
};

export const program = (changes: Partial<ApiProgram> = {}): ApiProgram =>
  ApiProgram.parse({
    kind: 'api',
    name: 'api',
    pipeline: 'demo',
    revision: 'r1',
    models: [model('virality')],
    windows: [],
    heatmap: { window: 'engagement', key: 'engagement' },
    access: openAccess,
    ui: false,
    ...changes,
  });

export const address = { host: '127.0.0.1', port: 0, values: createValues({ directories: [], env: {} }) };

export const status: PipelineStatus = {
  pipeline: 'demo',
  started_at: 0,
  at: 1000,
  event_time: null,
  events: 0,
  events_per_second: null,
  watermark_lag_ms: null,
  programs: [],
};

/** Ports on an in-memory store, with a clock that stands until it is set. */
export const createPorts = async (): Promise<Ports & { readonly setNow: (now: number) => void }> => {
  let now = 1_000_000;
  const clock = { now: () => now };
  const logger = createLogger('test', 'silent');
  const stores = await createEmbeddedStores({ clock, logger });
  const setNow = (to: number) => {
    now = to;
  };
  return { ...stores, clock, logger, metrics: createMetrics(), setNow };
};

export const prediction = (changes: Partial<Prediction> = {}): Prediction => ({
  model: 'virality',
  variant: 'champion',
  digest: 'ab',
  shadow: false,
  post_id: 'p1',
  author_id: 'a1',
  posted_at: 1000,
  scored_at: 61_000,
  age_ms: 60_000,
  trigger: 'age',
  score: 0.5,
  vector: [1, null],
  latency_ms: null,
  ...changes,
});

/** Writes a post as the scorer does. */
export const writePost = async ({ keyValue }: Ports, postId: string, score: number): Promise<void> => {
  const keys = keysOf('demo');
  const card: PostCard = { post_id: postId, author_id: 'a1', text: `text of ${postId}`, posted_at: 1000 };
  const batch = keyValue.batch();
  batch.hashSet(keys.post(postId), { card: JSON.stringify(card), reposts: '7' });
  const scored = prediction({ post_id: postId, score });
  batch.hashSet(keys.prediction('virality', postId), { champion: JSON.stringify(scored) });
  batch.listPush(keys.history('virality', postId), [JSON.stringify({ at: scored.scored_at, score })], 60);
  batch.sortedAdd(keys.top('virality'), [{ member: postId, score }]);
  const why = [{ feature: 'followers', value: 9, effect: 0.2, text: 'many followers' }];
  batch.hashSet(keys.why('virality'), { [postId]: JSON.stringify(why) });
  await batch.run();
};
