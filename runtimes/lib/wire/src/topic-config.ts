interface Kept {
  /** Absent: without end. */
  readonly retentionMs?: number | undefined;
  readonly compacted?: boolean | undefined;
}

/**
 * Only closed segments are compacted or dropped, and the broker's own limits are a week and 1 GB: who reads a compacted topic
 * to its end would read all of that. Smaller segments are closed sooner.
 */
const compactedSegments = { 'segment.bytes': String(64 * 1024 * 1024), 'segment.ms': '600000' };

/** How Kafka keeps a topic, as its own settings say it. @param minInSyncReplicas  absent: as the brokers are set up */
export const topicConfigOf = (
  { retentionMs, compacted = false }: Kept,
  minInSyncReplicas?: number,
): Readonly<Record<string, string>> => {
  const isDropped = retentionMs !== undefined;
  return {
    'cleanup.policy': [...(compacted ? ['compact'] : []), ...(isDropped || !compacted ? ['delete'] : [])].join(','),
    'retention.ms': String(retentionMs ?? -1),
    ...(compacted && compactedSegments),
    ...(minInSyncReplicas !== undefined && { 'min.insync.replicas': String(minInSyncReplicas) }),
  };
};
