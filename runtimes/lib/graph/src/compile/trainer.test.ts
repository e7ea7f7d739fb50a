import { expect, test } from 'vitest';
import type { TrainerProgram } from '../index.ts';
import { said, small } from '../test/small.ts';

const trained = (training: string, uri = 'pvc://models/a.onnx') =>
  small('  outcomeRef', `  training: ${training}\n  outcomeRef`).map((file) => ({
    ...file,
    text: file.text.replaceAll(/\.\/[ab]\.onnx/g, uri),
  }));
const inCluster = (training: string, uri?: string) => said(trained(training, uri), 'cluster');

test('in a cluster a model is trained by a CronJob that publishes to a claim', () => {
  const { lines, programs, placements } = inCluster(
    '{ deadline: 20m, keepRuns: 1, publish: { volume: { claimName: made, path: /hits/ } } }',
  );
  expect(lines).toEqual([]);
  const trainer = programs.find(({ kind }) => kind === 'trainer') as TrainerProgram;
  expect(trainer.publish).toEqual({ claim: 'made', folder: 'hits', keep: 24 });
  expect(trainer.champion?.artifact.uri).toBe('pvc://models/a.onnx');
  expect(placements.find(({ program }) => program === trainer.name)).toMatchObject({
    job: { deadlineMs: 1_200_000, keepRuns: 1 },
    suspended: false,
  });
});

test('without a place to publish to, nothing is trained there, and that is said', () => {
  const { lines, severities, programs } = inCluster('{}');
  expect(lines).toEqual([expect.stringContaining('Cannot train in a cluster: there is no place for what comes of it')]);
  expect(severities).toEqual(['warning']);
  expect(programs.filter(({ kind }) => kind === 'trainer')).toEqual([]);
});

const volume = 'publish: { volume: { claimName: made } }';
test.each([
  { training: `{ timeZone: Mars/North, ${volume} }`, line: 'Cannot train by the time of "Mars/North"' },
  {
    training: '{ publish: { volume: { claimName: made, path: a/../../b } } }',
    line: 'Cannot publish to "a/../../b": it leads out of the volume',
  },
  {
    training: '{ publish: { s3: { uri: s3://m/, secretRef: { name: s } } } }',
    line: 'Cannot use "s3": it is not supported yet, use volume',
  },
  {
    training: `{ ${volume} }`,
    uri: 'https://models.example/a.onnx',
    line: 'the trainer reads a champion from a claim or ConfigMap alone',
  },
])('it is refused that $line', ({ training, uri, line }) => {
  expect(inCluster(training, uri).lines).toContainEqual(expect.stringContaining(line));
});
