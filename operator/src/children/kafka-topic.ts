import { contentHash, type PipelinePlacement, type TopicOnKafka } from '@groundswell/graph';
import { topicConfigOf } from '@groundswell/wire';
import { partMetadata } from './names.ts';
import type { KubernetesObject } from './objects.ts';

interface TopicOptions {
  readonly pipeline: PipelinePlacement;
  readonly topics: readonly TopicOnKafka[];
  readonly namespace: string;
}

/** Topics may have names that Kubernetes does not take. */
const objectNameOf = (topic: string): string => {
  const allowed = topic
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]/g, '-')
    .replaceAll(/^[.-]+|[.-]+$/g, '');
  return allowed === topic ? topic : `${allowed === '' ? 'topic' : allowed}-${contentHash(topic).slice(0, 8)}`;
};

/**
 * Topics for the Topic Operator of Strimzi, where the pipeline wants it so. They belong to nobody: what is in a topic outlives the pipeline, and
 * the Topic Operator deletes a topic with its KafkaTopic.
 */
export const kafkaTopicsOf = ({ pipeline, topics, namespace }: TopicOptions): readonly KubernetesObject[] => {
  const { by, strimziCluster, replicationFactor, minInSyncReplicas } = pipeline.topics;
  if (by !== 'Strimzi' || strimziCluster === undefined) return [];
  return topics.map((topic) => {
    const name = objectNameOf(topic.name);
    const part = { pipeline: pipeline.pipeline, name: 'topics', kind: 'topic' };
    const { labels, ...metadata } = partMetadata(part, { name, namespace, owner: undefined });
    return {
      apiVersion: 'kafka.strimzi.io/v1beta2',
      kind: 'KafkaTopic',
      metadata: { ...metadata, labels: { ...labels, 'strimzi.io/cluster': strimziCluster } },
      spec: {
        topicName: topic.name,
        partitions: topic.partitions,
        ...(replicationFactor !== undefined && { replicas: replicationFactor }),
        config: topicConfigOf(topic, minInSyncReplicas),
      },
    };
  });
};
