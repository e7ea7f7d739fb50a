import { existsSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EvaluationReport, RecommenderReport } from '@groundswell/local';
import { describe, expect, test } from 'vitest';
import { folderOf, runCli } from '../cli/run-cli.ts';
import { dataFolder, root } from './hours.ts';

const evaluate = async (...args: readonly string[]): Promise<{ text: string; report: EvaluationReport }> => {
  const { code, stdout, stderr } = await runCli('evaluate', ...args, '-o', 'json');
  expect(code, stderr).toBe(0);
  return { text: stdout, report: JSON.parse(stdout) };
};
const aucAt = ({ ages }: EvaluationReport, age: string): number => ages.find((row) => row.age === age)?.auc ?? 0;

describe('evaluate', () => {
  test('on the same input twice gives the same bytes, and a model beats its baseline', async () => {
    const folder = await folderOf({});
    await cp(join(root, 'examples', 'virality'), folder, { recursive: true });
    const pipeline = await readFile(join(folder, 'pipeline.yaml'), 'utf8');
    await writeFile(
      join(folder, 'pipeline.yaml'),
      pipeline
        .replace('rate: 120', 'rate: 40')
        .replace('duration: 4d', 'duration: 36h')
        .replace('atLeast: 57', 'atLeast: 20'),
    );
    const [first, second] = [await evaluate('-f', folder), await evaluate('-f', folder)];
    expect(second.text).toBe(first.text);
    expect(first.report.ages.map(({ age }) => age)).toEqual(['0s', '1m', '3m', '5m', '10m', '20m', '30m', '60m']);
    const last = first.report.ages.at(-1);
    expect(last?.auc).toBeGreaterThan(0.8);
    expect(last?.auc).toBeGreaterThan(last?.baselineAuc ?? 1);
  });

  test('says what is missing where there is nothing to train', async () => {
    const files = ['pipeline.yaml', 'windows.yaml'].flatMap((name) => ['-f', join(root, 'examples', 'virality', name)]);
    const { code, stderr } = await runCli('evaluate', ...files);
    expect(code).toBe(1);
    expect(stderr).toMatch(/Cannot find a ScoringModel: the resources hold none/);
  });
});

describe.skipIf(!existsSync(dataFolder('tweets')))('on real tweets (skipped where ../shared/data is absent)', () => {
  test('about stocks: ROC-AUC of an offline XGBoost, and 1.5 times the lift of followers alone', async () => {
    const { report } = await evaluate('-f', join(root, 'examples/stock-tweets'), '--data', dataFolder('tweets'));
    const [row] = report.ages;
    expect(row).toMatchObject({ age: '0s', rows: 2787, positives: 269 });
    expect(row?.auc).toBeGreaterThanOrEqual(0.85);
    expect(row?.liftAt10).toBeGreaterThanOrEqual(1.5 * (row?.baselineLiftAt10 ?? Number.NaN));
  });
});

describe.skipIf(!existsSync(dataFolder('twitter-url-cascades')))(
  'on real cascades (skipped where ../shared/data is absent)',
  () => {
    test('Twitter: ROC-AUC at 0 s, 10 min and 60 min is as promised', async () => {
      const { report } = await evaluate(
        '-f',
        join(root, 'examples/twitter-url-cascades'),
        '--data',
        dataFolder('twitter-url-cascades'),
      );
      expect(report.ages[0]).toMatchObject({ rows: 648, positives: 82 });
      expect(aucAt(report, '0s')).toBeGreaterThanOrEqual(0.75);
      expect(aucAt(report, '10m')).toBeGreaterThanOrEqual(0.84);
      expect(aucAt(report, '60m')).toBeGreaterThanOrEqual(0.9);
    });

    test('Weibo: ROC-AUC at 60 min is as promised', async () => {
      const { report } = await evaluate(
        '-f',
        join(root, 'examples/weibo-cascades'),
        '--data',
        dataFolder('weibo-cascades'),
      );
      expect(aucAt(report, '60m')).toBeGreaterThanOrEqual(0.78);
    });
  },
);

describe.skipIf(!existsSync(dataFolder('movielens-small')))(
  'recommendations on real ratings (skipped where ../shared/data is absent)',
  () => {
    test('name the held back film more often than popularity and matrix factorisation, and learn which new films are good', async () => {
      const folder = join(root, 'examples/movies');
      const { code, stdout, stderr } = await runCli(
        'evaluate',
        '-f',
        folder,
        '--data',
        dataFolder('movielens-small'),
        '-o',
        'json',
      );
      expect(code, stderr).toBe(0);
      const { users, known, newUsers, newItems }: RecommenderReport = JSON.parse(stdout);
      expect({ users, newUsers: newUsers.users, items: newItems.items }).toEqual({
        users: 608,
        newUsers: 153,
        items: 100,
      });
      expect(known.recommender.recall).toBeGreaterThan(1.5 * known.popularity.recall);
      expect(known.recommender.ndcg).toBeGreaterThan(1.5 * known.popularity.ndcg);
      expect(known.recommender.recall).toBeGreaterThan(known.factorization.recall);
      expect(newItems.share).toBeCloseTo(newItems.declaredShare, 2);
      expect(newItems.last).toBeGreaterThan(1.3 * newItems.chance);
    });
  },
);
