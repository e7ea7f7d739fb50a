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

test('it publishes to a bucket as well, and is held against a champion wherever that lies', () => {
  const s3 = '{ uri: s3://models/hits/, secretRef: { name: store }, endpoint: "https://s3.example", region: eu }';
  const { lines, programs } = inCluster(`{ publish: { s3: ${s3} } }`, 'https://models.example/a.onnx');
  expect(lines).toEqual([]);
  expect(programs.find(({ kind }) => kind === 'trainer')).toMatchObject({
    publish: {
      folder: 'hits',
      s3: { bucket: 'models', secret: 'store', endpoint: 'https://s3.example', region: 'eu' },
    },
    champion: { artifact: { uri: 'https://models.example/a.onnx' } },
  });
});

const volume = 'publish: { volume: { claimName: made } }';
test.each([
  { training: `{ timeZone: Mars/North, ${volume} }`, line: 'Cannot train by the time of "Mars/North"' },
  {
    training: '{ publish: { volume: { claimName: made, path: a/../../b } } }',
    line: 'Cannot publish to "a/../../b": it leads out of the volume',
  },
  {
    training: '{ publish: { s3: { uri: models/hits, secretRef: { name: s } } } }',
    line: 'Cannot publish to "models/hits": it names no bucket, s3://bucket/path/ is needed',
  },
])('it is refused that $line', ({ training, line }) => {
  expect(inCluster(training).lines).toContainEqual(expect.stringContaining(line));
});
