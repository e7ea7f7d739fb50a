import { expect, test } from 'vitest';
import { rendered } from './rendered.fixture.ts';

const text = (kafka: string, topics = '{}') => `apiVersion: groundswell.dev/v1alpha1
kind: ViralityPipeline
metadata: { name: news }
spec:
  kafka: { brokers: ["k:9092"]${kafka} }
  topics: ${topics}
  sources: [{ name: demo, generator: {} }]
`;
const strimzi = ', topics: Strimzi, strimziCluster: main';
const topicsOf = (of: string) => rendered(of).filter(({ kind }) => kind === 'KafkaTopic');
const variablesOf = (of: string) => {
  const deployment = JSON.stringify(rendered(of).find(({ kind }) => kind === 'Deployment'));
  return [...deployment.matchAll(/"name":"(KAFKA_(?:TOPICS|REP|MIN)[A-Z_]*)","value":"([^"]*)"/g)].map(
    ([, name, value]) => `${name}=${value}`,
  );
};

test('Strimzi is told every topic that the programs need, as they would have made it', () => {
  const topics = topicsOf(text(strimzi, '{ minInSyncReplicas: 2, events: { name: All_Events, partitions: 3 } }'));
  expect(topics.map(({ spec }) => (spec as { topicName: string }).topicName).sort()).toEqual([
    'All_Events',
    'news.checkpoints',
    'news.dead-letters',
  ]);
  const [events, checkpoints] = ['All_Events', 'news.checkpoints'].map((name) =>
    topics.find(({ spec }) => (spec as { topicName: string }).topicName === name),
  );
  expect(events).toMatchObject({
    metadata: { name: expect.stringMatching(/^all-events-[0-9a-f]{8}$/), labels: { 'strimzi.io/cluster': 'main' } },
    spec: {
      partitions: 3,
      config: { 'cleanup.policy': 'delete', 'retention.ms': '604800000', 'min.insync.replicas': '2' },
    },
  });
  expect(checkpoints).toMatchObject({
    metadata: { name: 'news.checkpoints' },
    spec: { partitions: 1, config: { 'cleanup.policy': 'compact', 'retention.ms': '-1' } },
  });
});

test('nothing is asked of a Strimzi that is not there', () => {
  const objects = rendered(text(strimzi), { served: new Set(['PodMonitor']) });
  expect(objects.filter(({ kind }) => kind === 'KafkaTopic')).toEqual([]);
});

test('a topic belongs to nobody, so that it outlives the pipeline', () => {
  for (const { metadata } of topicsOf(text(strimzi))) expect(metadata).not.toHaveProperty('ownerReferences');
});

test.each([
  { who: 'Strimzi', kafka: strimzi, variables: ['KAFKA_TOPICS=wait'], count: 3 },
  { who: 'somebody else', kafka: ', topics: External', variables: ['KAFKA_TOPICS=wait'], count: 0 },
  { who: 'the operator', kafka: '', variables: [], count: 0 },
])('where $who makes topics, programs know whether to wait', ({ kafka, variables, count }) => {
  expect(variablesOf(text(kafka))).toEqual(variables);
  expect(topicsOf(text(kafka))).toHaveLength(count);
});

test('copies are those of the resource also where programs make topics', () => {
  expect(variablesOf(text('', '{ replicationFactor: 3, minInSyncReplicas: 2 }'))).toEqual([
    'KAFKA_REPLICATION_FACTOR=3',
    'KAFKA_MIN_IN_SYNC_REPLICAS=2',
  ]);
});

test('the small Kafka has one broker, so copies are refused', () => {
  const small = text('', '{ replicationFactor: 3 }').replace(/ {2}kafka: .*\n/, '');
  expect(() => rendered(small)).toThrow('Cannot keep 3 copies: the small Kafka for trying out has one broker');
});
