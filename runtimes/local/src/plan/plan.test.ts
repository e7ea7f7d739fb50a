import { join } from 'node:path';
import type { Program } from '@groundswell/graph';
import type { Prediction } from '@groundswell/wire';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadPrograms } from '../load.ts';
import { compareReplays } from './compare.ts';
import { renderPlan } from './render.ts';

const examples = join(import.meta.dirname, '..', '..', '..', '..', 'examples');
const folder = join(examples, 'virality');
const minute = 60_000;
let programs: readonly Program[];
let names: readonly string[];

beforeAll(async () => {
  const files = ['windows.yaml', 'model.yaml'].map((name) => join(folder, name));
  ({ programs } = await loadPrograms([...files, join(examples, 'alerts', 'pipeline.yaml')], 'local'));
  const scorer = programs.find((program) => program.kind === 'scorer');
  names = scorer?.features.filter(({ hidden }) => !hidden).map(({ name }) => name) ?? [];
});

/** Posts, a minute apart, whose scores and reposts are as the functions have them. */
const predictions = (
  scoreOf: (i: number) => number,
  repostsOf: (i: number) => number = (i) => i,
): readonly Prediction[] =>
  Array.from({ length: 40 }, (_, i) => ({
    ...{ model: 'virality', variant: 'champion', digest: 'aa', shadow: false, post_id: `p${i}`, author_id: 'a' },
    ...{ posted_at: i * minute, scored_at: i * minute + 1, age_ms: 1, trigger: 'appeared', score: scoreOf(i) },
    vector: names.map((name) => (name === 'reposts' ? repostsOf(i) : 1)),
    latency_ms: null,
  }));

describe('a plan', () => {
  let rising: readonly Prediction[];
  beforeAll(() => {
    rising = predictions((i) => i / 40);
  });

  test('of equal resources changes nothing', () => {
    const report = compareReplays({ programs, predictions: rising }, { programs, predictions: rising });
    const [model] = report.models;
    expect(report.programs).toEqual([]);
    expect(model).toMatchObject({ overlap: 1, scorePsi: 0, predictions: { old: 40, new: 40 } });
    expect(model?.top.every((post) => post.old === post.new)).toBe(true);
    expect(renderPlan(report, { old: 1758, new: 1758 })).toContain('The top 10 is the same.');
  });

  test('says who leaves the top, which features shift, and which alerts come more often', () => {
    const falling = predictions(
      (i) => (39 - i) / 40,
      (i) => 10 * i,
    );
    const report = compareReplays({ programs, predictions: rising }, { programs, predictions: falling });
    const [model] = report.models;
    expect(model?.overlap).toBe(0);
    expect(model?.top[0]).toEqual({ post_id: 'p0', new: 1 });
    const shifted = model?.features.filter(({ psi }) => (psi ?? 0) >= 0.1);
    expect(shifted?.map(({ name }) => name)).toEqual(['reposts']);
    // Scores above 0.8 are as many; 15 reposts and more have held for a minute for more of the posts.
    expect(report.alerts[0]).toEqual({ rule: 'going-viral', old: 7, new: 7 });
    const [, spreading] = report.alerts;
    expect(spreading?.new).toBeGreaterThan(spreading?.old ?? Infinity);
    expect(renderPlan(report, { old: 1758, new: 2000 }).at(-1)).toContain('$1,758 → $2,000 a month (+$242)');
  });

  test('says which programs take the change while they run, and which are restarted', () => {
    const changed = programs.map((program) => {
      if (program.name === 'window-post-5m') return { ...program, revision: `${program.revision.split('-')[0]}-other` };
      return program.name === 'window-post-1h' ? { ...program, revision: 'other-other' } : program;
    });
    const report = compareReplays(
      { programs, predictions: rising },
      { programs: changed.filter(({ name }) => name !== 'api'), predictions: rising },
    );
    expect(report.programs).toEqual([
      { name: 'api', change: 'removed' },
      { name: 'window-post-1h', change: 'restarted' },
      { name: 'window-post-5m', change: 'live' },
    ]);
  });
});
