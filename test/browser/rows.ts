import type { KeyValue } from '@groundswell/stores';
import { keysOf, type PipelineStatus, type PostCard, type Prediction, type Reason } from '@groundswell/wire';

export const pipeline = 'virality';
export const model = 'virality';
/** Thursday, 27 November 2025, 14:32 UTC. */
const eventTime = Date.UTC(2025, 10, 27, 14, 32);
const minute = 60_000;
const hour = 60 * minute;

export interface Row {
  readonly id: string;
  readonly author?: string;
  readonly text?: string;
  readonly tags?: readonly string[];
  readonly ageMs: number;
  readonly reposts: number;
  readonly score: number;
}

/** What people write: short, long, in other scripts, with nothing but an id. */
export const rows: readonly Row[] = [
  {
    id: '3lq5zk2',
    author: 'Harbour Watch',
    text: 'The old lighthouse at Cape Wren is being moved inland tonight, all 900 tonnes of it. Live pictures from the pier.',
    tags: ['lighthouse', 'CapeWren'],
    ageMs: 47 * minute,
    reposts: 1284,
    score: 0.972,
  },
  {
    id: '3lq5yya',
    author: 'Mina Okafor',
    text: 'I taught my grandmother to code and she has just found a bug in my compiler.',
    tags: ['programming'],
    ageMs: 12 * minute,
    reposts: 342,
    score: 0.951,
  },
  {
    id: '3lq5xb7',
    author: 'Nordlys',
    text: 'Aurora over Tromsø right now. No filter, no tripod, one very cold thumb.',
    tags: ['aurora', 'northernlights', 'tromsø'],
    ageMs: 26 * minute,
    reposts: 611,
    score: 0.934,
  },
  {
    id: '3lq5w1c',
    author: 'Tom Castellanos',
    text: 'Whoever put googly eyes on every statue in the city park: please never stop.',
    ageMs: 8 * minute,
    reposts: 97,
    score: 0.887,
  },
  {
    id: '3lq5v9d',
    author: 'أخبار المدينة',
    text: 'افتتاح الجسر الجديد الليلة بعد ثلاث سنوات من العمل، والدخول مجاني للجميع',
    tags: ['جسر'],
    ageMs: 61 * minute,
    reposts: 503,
    score: 0.842,
  },
  {
    id: '3lq5u4e',
    author: 'Dr. Lena Fischer',
    text: 'Thread: we sequenced the sourdough starters of 500 households. The oldest one is from 1897, and it is not where you think. What lives in them depends less on flour than on whose hands feed them, and we can show it with three plots. First the method, then the surprise, then what it may mean for bakers.',
    tags: ['science', 'sourdough', 'openaccess'],
    ageMs: 3 * hour + 5 * minute,
    reposts: 2051,
    score: 0.797,
  },
  { id: '1994273650127', ageMs: 4 * minute, reposts: 18, score: 0.713 },
  {
    id: '3lq5s7g',
    author: 'Kaito',
    text: '始発の新幹線から見えた虹。今日はいい日になりそう。',
    tags: ['虹', '新幹線'],
    ageMs: 15 * minute,
    reposts: 88,
    score: 0.664,
  },
  {
    id: '3lq5r2h',
    author: 'City Transit',
    text: 'Line 4 is running again. Thank you for your patience, and thank you to whoever brought the drivers cake.',
    tags: ['line4'],
    ageMs: 33 * minute,
    reposts: 140,
    score: 0.588,
  },
  { id: '3lq5q8i', author: 'b', text: 'ok', ageMs: 40_000, reposts: 1, score: 0.517 },
  {
    id: '3lq5p3j',
    author: 'Nightshift Nurse',
    text: 'Every baby born on our ward tonight is called Olivia. All four of them.',
    tags: ['nightshift'],
    ageMs: 19 * minute,
    reposts: 64,
    score: 0.466,
  },
];

const reasonsOf = ({ score, reposts, ageMs }: Row): readonly Reason[] => [
  {
    feature: 'reposts_10m',
    value: Math.round(reposts / 3),
    effect: score * 0.41,
    text: `${Math.round(reposts / 3)} reposts in 10 minutes`,
  },
  { feature: 'author_reposts', value: 31, effect: score * 0.18, text: 'the author is reposted often' },
  { feature: 'tag_heat', value: 12, effect: score * 0.07, text: 'its tags are busy this hour' },
  {
    feature: 'age_minutes',
    value: ageMs / minute,
    effect: -0.031,
    text: `${Math.round(ageMs / minute)} minutes old already`,
  },
  { feature: 'sentiment', value: 0.4, effect: 0.004, text: 'a friendly text' },
];

/** A score that rises and levels off, as of a post that spreads. */
const historyOf = ({ id, score, ageMs }: Row): readonly { readonly at: number; readonly score: number }[] => {
  const count = Math.min(40, Math.max(1, Math.floor(ageMs / minute)));
  const wobble = (i: number) => Math.sin(i * 1.7 + id.charCodeAt(id.length - 1)) * 0.025;
  return Array.from({ length: count }, (_, i) => {
    const risen = 1 / (1 + Math.exp(-9 * ((i + 1) / count - 0.45)));
    const at = eventTime - ageMs + ((i + 1) * ageMs) / count;
    return { at: Math.round(at), score: Math.min(0.999, Math.max(0.01, score * (0.15 + 0.85 * risen) + wobble(i))) };
  });
};

const predictionOf = ({ id, author, ageMs, score }: Row): Prediction => ({
  model,
  variant: 'champion',
  digest: '9f2c',
  shadow: false,
  post_id: id,
  author_id: author ?? '48812',
  posted_at: eventTime - ageMs,
  scored_at: eventTime,
  age_ms: ageMs,
  trigger: 'change',
  score,
  vector: [1, 2, 3],
  latency_ms: 4,
});

/** Writes rows as the scorer does. */
export const writeRows = async (keyValue: KeyValue, written: readonly Row[]): Promise<void> => {
  const keys = keysOf(pipeline);
  const batch = keyValue.batch();
  for (const row of written) {
    const card: PostCard = {
      post_id: row.id,
      author_id: row.author ?? '48812',
      ...(row.author === undefined ? {} : { author_name: row.author }),
      ...(row.text === undefined ? {} : { text: row.text }),
      ...(row.tags === undefined ? {} : { tags: [...row.tags] }),
      posted_at: eventTime - row.ageMs,
    };
    const history = historyOf(row).map((point) => JSON.stringify(point));
    batch.hashSet(keys.post(row.id), { card: JSON.stringify(card), reposts: String(row.reposts) });
    batch.hashSet(keys.prediction(model, row.id), { champion: JSON.stringify(predictionOf(row)) });
    batch.delete(keys.history(model, row.id));
    batch.listPush(keys.history(model, row.id), history, 60);
    batch.sortedAdd(keys.top(model), [{ member: row.id, score: row.score }]);
    batch.hashSet(keys.why(model), { [row.id]: JSON.stringify(reasonsOf(row)) });
  }
  await batch.run();
};

/** A week of hours with the rhythm of days, and one burst. */
export const writeHeatmap = async (keyValue: KeyValue): Promise<void> => {
  const last = eventTime - (eventTime % hour);
  const members = Array.from({ length: 7 * 24 - 6 }, (_, i) => {
    const start = last - i * hour;
    const clock = (start / hour) % 24;
    const rhythm = 0.12 + Math.max(0, Math.sin(((clock - 5) / 24) * 2 * Math.PI)) ** 1.4;
    const events = Math.round(900 * rhythm * (1 + 0.25 * Math.sin(i * 2.3)) * (i === 40 ? 4 : 1));
    const values = { events, reposts: Math.round(events * (0.4 + 0.1 * Math.sin(i))) };
    const share = (of: number): number => Math.round(events * of * (1 + 0.4 * Math.sin(i * of * 40)));
    const counted = (shares: Readonly<Record<string, number>>) =>
      Object.entries(shares).map(([value, of]) => ({ value, count: share(of) }));
    const groups = {
      tags: counted({ lighthouse: 0.12, aurora: 0.09, programming: 0.07, sourdough: 0.05, 虹: 0.02 }),
      sources: counted({ bluesky: 0.7, mastodon: 0.3 }),
    };
    const result = { window: 'engagement', key: [], start, end: start + hour, values: { ...values, ...groups } };
    return { member: JSON.stringify(result), score: result.end };
  });
  const batch = keyValue.batch();
  batch.sortedAdd('engagement', members);
  await batch.run();
};

const programs = [
  { name: 'ingest-demo', kind: 'ingest', rate: 1204 },
  { name: 'window-post-10m', kind: 'window', rate: 1204 },
  { name: 'window-author-30d', kind: 'window', rate: 1204 },
  { name: 'window-tag-1h', kind: 'window', rate: 1204 },
  { name: 'window-engagement', kind: 'window', rate: 1204 },
  { name: 'scorer-virality', kind: 'scorer', rate: 388.4 },
  { name: 'api', kind: 'api', rate: undefined },
] as const;

export const statusAt = (at: number): PipelineStatus => ({
  pipeline,
  started_at: at - hour,
  at,
  event_time: eventTime,
  events: 184_211,
  events_per_second: 1204.3,
  watermark_lag_ms: 5000,
  programs: programs.map(({ name, kind, rate }) => ({
    name,
    kind,
    revision: 'a1b2c3',
    health: { kind: 'ready' },
    records: rate === undefined ? null : 184_211,
    records_per_second: rate ?? null,
    watermark: rate === undefined ? null : eventTime - 5000,
    watermark_lag_ms: rate === undefined ? null : 5000,
    ...(kind === 'window' && {
      ledger: {
        in: 184_211,
        aggregated: 183_040,
        late: 88,
        filtered: 1083,
        duplicate: 0,
        dead_lettered: 0,
        conserved: true,
      },
    }),
  })),
});
