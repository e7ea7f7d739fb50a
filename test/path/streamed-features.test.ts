import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createProgressLine, loadPrograms, replayToEnd } from '@groundswell/local';
import type { Prediction } from '@groundswell/wire';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const data = join(root, '..', 'shared', 'data', 'twitter-url-cascades');
const resources = join(root, 'examples', 'twitter-url-cascades');

interface Row {
  readonly cascade: string;
  readonly user: string;
  readonly at: number;
}

const [second, minute, hour, day] = [1_000, 60_000, 3_600_000, 86_400_000];
/** Of real posts that come before this many rows. */
const sample = 12_000;

const readRows = (): readonly Row[] =>
  gunzipSync(readFileSync(join(data, 'events.csv.gz')))
    .toString()
    .trimEnd()
    .split('\n')
    .slice(1, sample + 1)
    .map((line) => line.split(','))
    .map(([cascade = '', user = '', unix = '']) => ({ cascade, user, at: Number(unix) * second }));

/**
 * The features as their definition says, from all rows at once. A window of `size` every `every` shows at `t` what lies
 * in `[end − size, end)`, where `end` is the last multiple of `every` up to the tick of 10 s that holds `t`.
 */
const offline = (rows: readonly Row[]) => {
  const rootOf = new Map<string, Row>();
  for (const row of rows) if (!rootOf.has(row.cascade)) rootOf.set(row.cascade, row);
  const isPost = (row: Row): boolean => rootOf.get(row.cascade) === row;
  const ageOf = (row: Row): number => row.at - (rootOf.get(row.cascade)?.at ?? 0);
  const within = (t: number, size: number, every: number): ((row: Row) => boolean) => {
    const end = Math.floor(t / every) * every;
    return ({ at }) => at >= end - size && at < end;
  };
  return (prediction: Prediction): Readonly<Record<string, number | null>> => {
    const { post_id: post, author_id: author, scored_at: t, age_ms: age } = prediction;
    const reposts = rows
      .filter((row) => row.cascade === post && !isPost(row) && within(t, hour, 10 * second)(row))
      .map(ageOf);
    const recent = rows.filter(
      (row) => row.cascade === post && !isPost(row) && within(t, 5 * minute, 10 * second)(row),
    ).length;
    const authors = rows.filter((row) => rootOf.get(row.cascade)?.user === author && within(t, 30 * day, minute)(row));
    const acts = rows.filter((row) => row.user === author && within(t, 30 * day, minute)(row));
    const posts = authors.filter(isPost).length;
    const own = acts.filter((row) => !isPost(row));
    const mean = (values: readonly number[]): number | null =>
      values.length === 0 ? null : values.reduce((sum, v) => sum + v, 0) / values.length;
    return {
      age_minutes: age / minute,
      reposts: reposts.length,
      reposts_5m: recent,
      repost_age_avg: mean(reposts),
      repost_age_max: reposts.length === 0 ? null : Math.max(...reposts),
      author_posts: posts,
      author_reposts_per_post: posts === 0 ? null : (authors.length - posts) / posts,
      author_acts: acts.length,
      author_acts_1d: acts.filter(within(t, day, minute)).length,
      author_repost_age_min: own.length === 0 ? null : Math.min(...own.map(ageOf)),
      author_idle: own.length === 0 ? null : t - Math.max(...own.map(({ at }) => at)),
    };
  };
};

describe.skipIf(!existsSync(data))('on real cascades (skipped where ../shared/data is absent)', () => {
  test('streamed features equal those of a few lines that see all rows at once', async () => {
    const rows = readRows();
    const until = (rows.at(-1)?.at ?? 0) - 2 * hour;
    const { programs } = await loadPrograms([resources], 'local');
    const names = programs.flatMap((program) =>
      program.kind === 'scorer' ? program.features.filter(({ hidden }) => !hidden).map(({ name }) => name) : [],
    );
    const { predictions } = await replayToEnd({
      programs: programs.map((program) => (program.kind === 'scorer' ? { ...program, variants: [] } : program)),
      directory: resources,
      dataDirectories: [data],
      what: 'replaying',
      progress: createProgressLine(process.stderr, Date.now),
      until,
    });
    const expected = offline(rows);
    const known = predictions.filter(({ scored_at: t }) => t < until).filter((_, i) => i % 3 === 0);
    expect(known.length).toBeGreaterThan(300);
    for (const prediction of known) {
      const wanted = expected(prediction);
      const streamed = Object.fromEntries(
        Object.keys(wanted).map((name) => [name, prediction.vector[names.indexOf(name)] ?? null]),
      );
      const rounded = Object.fromEntries(
        Object.entries(wanted).map(([name, value]) => [name, value === null ? null : Math.fround(value)]),
      );
      expect({ of: prediction.post_id, at: prediction.age_ms, ...streamed }).toEqual({
        of: prediction.post_id,
        at: prediction.age_ms,
        ...rounded,
      });
    }
  });
});
