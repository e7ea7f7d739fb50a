import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deadLetterOf } from '@groundswell/stores';
import { createKafkaLog } from '@groundswell/stores/kafka';
import { expect, onTestFinished, test } from 'vitest';
import { addressesOf, logger } from './servers.ts';

const root = join(import.meta.dirname, '..', '..');
const cli = join(root, 'runtimes', 'local', 'src', 'main.ts');
const inPod = join(root, 'runtimes', 'deadletters', 'src', 'main.ts');
const run = promisify(execFile);

test('dead letters on Kafka are listed and given back, from resource files and from within a pod', async () => {
  const brokers = [...addressesOf('GROUNDSWELL_KAFKA')];
  const pipeline = `letters-${randomUUID().slice(0, 8)}`;
  const [events, dead] = [`${pipeline}.events`, `${pipeline}.spoilt`];
  const log = await createKafkaLog({ brokers, clientId: 'letters', logger });
  onTestFinished(() => log.close());
  await log.createTopics([
    { name: events, partitions: 3 },
    { name: dead, partitions: 2 },
  ]);
  const producer = await log.producer();
  const record = { offset: 4n, key: undefined, value: Buffer.from('{"id":'), headers: {}, timestamp: 0 };
  const poison = { topic: events, partition: 2, reason: 'no JSON', record };
  await producer.send(dead, [deadLetterOf('window-w', poison, 1_000), deadLetterOf('scorer-s', poison, 2_000)]);
  await producer.close();

  const folder = await mkdtemp(join(tmpdir(), 'groundswell-letters-'));
  const file = join(folder, 'pipeline.yaml');
  await writeFile(
    file,
    `
apiVersion: groundswell.dev/v1alpha1
kind: ViralityPipeline
metadata: { name: ${pipeline} }
spec:
  kafka: { brokers: [${brokers.map((broker) => JSON.stringify(broker)).join(', ')}] }
  sources: [{ name: unused, generator: {} }]
  topics: { deadLetters: { name: ${dead} } }
`,
  );
  const compiled = await run(process.execPath, [
    ...['--conditions=source', cli, 'compile', '-f', file, '-o', 'json', '--target', 'cluster'],
  ]);
  const program = (JSON.parse(compiled.stdout) as readonly { readonly kind: string }[]).find(
    ({ kind }) => kind === 'ingest',
  );
  const programFile = join(folder, 'program.json');
  await writeFile(programFile, JSON.stringify(program));
  const here = (...words: readonly string[]) =>
    run(process.execPath, ['--conditions=source', cli, 'deadletters', ...words, '-f', file]);
  const there = (...words: readonly string[]) =>
    run(process.execPath, ['--conditions=source', inPod, ...words], {
      env: { ...process.env, GROUNDSWELL_PROGRAM: programFile, KAFKA_BROKERS: brokers.join(',') },
    });

  const listed = JSON.parse((await here('list', '-o', 'json')).stdout) as readonly { readonly id: string }[];
  expect(listed).toMatchObject([
    { group: 'window-w', origin: `${events}/2`, offset: '4', reason: 'no JSON', content: '{"id":', replayedAt: null },
    { group: 'scorer-s' },
  ]);
  expect((await there('list', '--group', 'scorer-s')).stdout.split('\n')).toHaveLength(3);
  expect((await there('replay', listed[0]?.id ?? '')).stdout).toContain(`given to ${events}`);
  expect((await here('list')).stdout).toBe('No dead letters\n');
  const bounds = await log.bounds(events);
  expect(bounds.map(({ start, end }) => end - start)).toEqual([0n, 0n, 1n]);
}, 120_000);
