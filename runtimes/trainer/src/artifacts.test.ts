import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCardOf } from '@groundswell/artifacts';
import { expect, test } from 'vitest';
import { publishToFolder, runNameOf } from './artifacts.ts';
import { nextRun } from './schedule.ts';

const cardOf = (sha256: string, postedTo: number) => ({
  ...{ result: 'Published' as const, message: '', rows: 9, positives: 3, postedTo },
  candidate: { file: 'model.onnx', sha256, holdout: { Auc: 0.9 } },
});

test('the newest artifacts stay, and those that serve', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'groundswell-test-'));
  const root = join(folder, 'models');
  const digests = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(64));
  const uris: string[] = [];
  for (const [day, sha256] of digests.entries()) {
    const run = join(folder, 'run');
    await mkdir(run);
    const card = cardOf(sha256, day);
    await writeFile(join(run, 'card.json'), JSON.stringify(card));
    const name = runNameOf(Date.UTC(2026, 0, day + 1));
    const publish = { folder: 'models', keep: 2 };
    const { uri } = await publishToFolder(
      { path: root, uri: root },
      { name, folder: run, card },
      { publish, inUse: [digests[0] ?? ''] },
    );
    uris.push(uri);
  }
  expect((await readdir(root)).sort()).toEqual([
    '20260101T000000Z-aaaaaaaa',
    '20260103T000000Z-cccccccc',
    '20260104T000000Z-dddddddd',
  ]);
  const cardAt = (sha256 = '') => readCardOf({ uri: uris[3] ?? '', sha256 }, { directory: folder });
  expect(await cardAt(digests[3])).toMatchObject({ postedTo: 3 });
  // A file that was replaced is not what the card tells of.
  expect(await cardAt(digests[0])).toBeUndefined();
  await rm(folder, { recursive: true });
});

test('the native model beside an artifact is proposed with it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'groundswell-test-'));
  const card = cardOf('e'.repeat(64), 1);
  const native = { file: 'model.xgboost.json', sha256: 'f'.repeat(64) };
  await mkdir(join(folder, 'run'));
  const published = await publishToFolder(
    { path: join(folder, 'models'), uri: 'pvc://models/virality' },
    { name: 'now', folder: join(folder, 'run'), card: { ...card, candidate: { ...card.candidate, native } } },
    { publish: { folder: 'models', keep: 2 }, inUse: [] },
  );
  const beside = 'pvc://models/virality/now-eeeeeeee';
  expect(published).toEqual({
    uri: `${beside}/model.onnx`,
    sha256: 'e'.repeat(64),
    explainer: { uri: `${beside}/${native.file}`, sha256: native.sha256 },
  });
  await rm(folder, { recursive: true });
});

test('a schedule is in its time zone', () => {
  const noon = Date.UTC(2026, 6, 1, 12);
  expect(nextRun('0 * * * *', 'UTC', noon)).toBe(noon + 3_600_000);
  expect(nextRun('@daily', 'Europe/Berlin', noon)).toBe(Date.UTC(2026, 6, 1, 22));
});
